"""The embedded PostgreSQL runs whoever starts it, and dies with its supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fundportal.stack import children, services
from fundportal.stack.fingerprint import ROOT
from fundportal.stack.services import Postgres, passwords, sockets

MAY = [
    before[0] for before in children.WAYS if children.works([*before, "true"])
]  # not every container lets us do both
WAYS = MAY if os.geteuid() == 0 else [""]


@pytest.fixture
def postgres(tmp_path: Path) -> Postgres:
    folder = sockets(tmp_path)
    return Postgres(
        tmp_path / "postgres", folder, passwords(tmp_path), tmp_path / "log" / "postgres.log", lasting=False
    )


@pytest.mark.parametrize("way", WAYS)
def test_postgresql_starts_whoever_we_are(postgres: Postgres, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    works = children.works
    monkeypatch.setattr(children, "works", lambda command: command[0] == way and works(command))

    child = postgres.start()
    version = postgres.run("show server_version_num").strip()
    child.ask()
    child.wait(10)

    assert (version[:2], child.process.returncode) == ("18", 0)


def test_without_a_way_to_another_user_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "works", lambda command: False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    with pytest.raises(SystemExit, match="sätt DATABASE_URL"):
        children.as_nobody()


def test_a_number_that_now_belongs_to_another_program_does_not_stop_it(postgres: Postgres) -> None:
    child = postgres.start()
    child.ask()
    child.wait(10)
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n1\n5432\n{postgres.folder}\n\n")

    child = postgres.start()
    child.ask()
    child.wait(10)

    assert child.process.returncode == 0


def test_what_a_killed_parent_started_ends(tmp_path: Path) -> None:
    code = f"""
import os, pathlib, signal
from fundportal.stack.services import Redis, sockets
var = pathlib.Path({str(tmp_path)!r})
print(Redis(var / "redis", sockets(var), var / "log", lasting=False).start().process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)

    pid, deadline = int(done.stdout), time.monotonic() + 5
    while Path("/proc", str(pid), "exe").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert done.returncode == -signal.SIGKILL
    assert not Path("/proc", str(pid), "exe").exists()


def test_secrets_are_made_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    first, second = passwords(tmp_path), passwords(tmp_path)

    assert first == second
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(set(first.values())) == len(first)
    assert services.private(tmp_path / "run").stat().st_mode & 0o777 == 0o700
