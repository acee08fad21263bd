"""`make test` after its checks: the tests in two halves side by side, those in the browser and all the others.

The browser's half mostly waits for pages, so that the two together take little longer than the longer of them.
"""

# ruff: noqa: T201 -- this is a report to the terminal

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5  # what pytest answers when the arguments left it nothing to run


def half(marked: str, output: IO[str] | None, arguments: list[str]) -> "subprocess.Popen[str]":
    """Start the tests that are marked so; what they say goes to `output`, or to the terminal."""
    command = [sys.executable, "-m", "pytest", "-m", marked, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, text=True)


def main(arguments: list[str]) -> int:
    """Run both halves to their ends and say what each said. Interrupted, both stop."""
    with tempfile.TemporaryFile("w+") as said:
        started = [half("e2e", said, arguments), half("not e2e", None, arguments)]
        try:
            ends = [each.wait() for each in reversed(started)]
        finally:
            for each in started:
                each.wait()
            said.seek(0)
            print("\nI webbläsaren:\n", said.read(), sep="", flush=True)
    return max(0 if end == NO_TESTS else abs(end) for end in ends)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
