"""`make check`: everything a machine can say about the code without running it."""

# ruff: noqa: T201 -- this is a report to the terminal

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SOURCES = ("manage.py", "fundportal", "applications", "reviews", "repayment", "tests")
MOST_LINES = 60  # of what one check has to say
LONGEST_FILE = 400
FORBIDDEN = {
    "inline style": re.compile(r"(^|\s)style=|<style", re.I),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)|(^|\s)on[a-z]+=|javascript:", re.I),
    "mark of something unfinished": re.compile(r"\bTODO\b|\bFIXME\b"),
}
PAPER = ("templates/pdf/", "templates/mail/")  # not shown in a browser: styled by a sheet of their own


def tracked(*suffixes: str) -> list[Path]:
    """Return our files with these endings, tracked or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return sorted({ROOT / name for name in listed if name.endswith(suffixes) and (ROOT / name).is_file()})


def too_long() -> list[str]:
    """Return files over the limit; a migration is generated and does not count."""
    return [
        f"{path.relative_to(ROOT)}: {lines} rader, högst {LONGEST_FILE}"
        for path in tracked(".py", ".html", ".css", ".js")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    ]


def forbidden_in_templates() -> list[str]:
    """Return lines of templates that the content security policy would stop."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {what}: {line.strip()[:100]}"
        for path in tracked(".html")
        if not str(path.relative_to(ROOT)).startswith(PAPER)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


def program(*command: str) -> Callable[[], list[str]]:
    """Return a check that runs a program and answers what it said when it was not content."""

    def check() -> list[str]:
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONWARNINGS": "ignore::RuntimeWarning"}
        done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
        return [(done.stdout + done.stderr).strip()] if done.returncode else []

    return check


def deployable() -> list[str]:
    """Run Django's deployment checks as production would."""
    known = {"SECRET_KEY": "prövning-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2, "SECURE": "1"}
    known |= {"DATABASE_URL": "postgres://app:x@db/fond", "REDIS_URL": "redis://redis:6379/0", "DEBUG": "", "DEMO": "0"}
    known |= {"ALLOWED_HOSTS": "fondportalen.example.org", "EMAIL_URL": "smtp://mail.example.org:25"}
    known |= {"DJANGO_SETTINGS_MODULE": "fundportal.settings"}
    command = [str(BIN / "python"), "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    env = {**os.environ, **known}
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    return [done.stdout + done.stderr] if done.returncode else []


def checks() -> dict[str, Callable[[], list[str]]]:
    """Return every check by name."""
    python = str(BIN / "python")
    templates = [str(path) for path in tracked(".html")]
    return {
        "format": program(str(BIN / "ruff"), "format", "--check", *SOURCES),
        "lint": program(str(BIN / "ruff"), "check", *SOURCES),
        "mallar": program(str(BIN / "djade"), "--check", "--target-version", "5.2", *templates),
        "typer": program(str(BIN / "mypy"), *SOURCES),
        "importkontrakt": program(str(BIN / "lint-imports")),
        "migreringar": program(python, "manage.py", "makemigrations", "--check", "--dry-run"),
        "systemkontroller": program(python, "manage.py", "check", "--fail-level", "WARNING"),
        "driftsättning": deployable,
        "fillängd": too_long,
        "inget inbäddat i mallar": forbidden_in_templates,
    }


def main() -> int:
    """Run every check, two at a time, and say which were content."""
    failed = 0

    def timed(check: Callable[[], list[str]]) -> tuple[list[str], float]:
        start = time.monotonic()
        return check(), time.monotonic() - start

    with ThreadPoolExecutor(2) as pool:
        running = {name: pool.submit(timed, check) for name, check in checks().items()}
        for name, future in running.items():
            said, seconds = future.result()
            failed += bool(said)
            lines = "\n".join(said).splitlines()
            more = [f"… och {len(lines) - MOST_LINES} rader till"] if len(lines) > MOST_LINES else []
            print(
                f"{'FEL' if said else 'ok':<4} {name} ({seconds:.1f} s)",
                *lines[:MOST_LINES],
                *more,
                sep="\n",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
