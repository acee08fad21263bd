"""`make test` after its checks: the tests in three parts side by side, those in the browser and two of the others.

The browser's part takes longest and often waits for a page: it goes first, and the others take what it leaves of the
machine, so that the three together take little longer than it does. Each has a database and a cache of its own.
"""

# ruff: noqa: T201 -- this is a report to the terminal

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5  # what pytest answers when the arguments left it nothing to run
BROWSER = "tests/e2e"
PHASES = [f"tests/{name}" for name in ("applications", "reviews", "repayment", "test_story.py", "test_bench.py")]
PARTS = {
    "I webbläsaren": [BROWSER],
    "Fasernas tester, hela vägen och mätningarna": PHASES,
    "": ["tests", *(f"--ignore={path}" for path in (BROWSER, *PHASES))],
}
"""What each part is called and has; the last one, without a name, is followed while it runs."""


def start(chosen: list[str], output: IO[str] | None, arguments: list[str]) -> "subprocess.Popen[str]":
    """Begin a part; what it says goes to `output`, or to the terminal."""
    gives_way = [] if BROWSER in chosen else ["nice", "-n", "5"]
    command = [*gives_way, sys.executable, "-m", "pytest", *chosen, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, text=True)


def main(arguments: list[str]) -> int:
    """Run the parts to their ends: one is followed in the terminal, the others say afterwards what they said."""
    with ExitStack() as files:
        told = {name: files.enter_context(tempfile.TemporaryFile("w+")) for name in PARTS if name}
        started = {name: start(chosen, told.get(name), arguments) for name, chosen in PARTS.items()}
        try:
            for part in reversed(started.values()):
                part.wait()
        finally:
            for part in started.values():
                part.wait()
            for name, output in told.items():
                output.seek(0)
                print(f"\n{name}:\n{output.read()}", flush=True)
    return max(0 if part.returncode == NO_TESTS else abs(part.returncode) for part in started.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
