"""A throwaway PostgreSQL and Redis for tests: started once, shared by every test run on the machine, gone when idle.

Each run asks `use()`; the servers stop by themselves a while after the last run has ended, however it ended.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from fundportal.stack.services import APP, OWNER, TEST_DATABASES, Postgres, Redis, passwords, private, sockets

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = ROOT / "var" / "test"
IDLE_SECONDS = 45


class Throwaway:
    """The addresses of the throwaway services under a folder. Making one starts nothing."""

    def __init__(self, home: Path = HOME) -> None:
        """Name the services that live in `home`."""
        self.home = private(home)
        known, folder = passwords(home), sockets(home)
        self.postgres = Postgres(home / "postgres", folder, known, home / "log" / "postgres.log", lasting=False)
        self.redis = Redis(home / "redis", folder, home / "log" / "redis.log", lasting=False)

    def environment(self, database: str, *, owner: bool = False) -> dict[str, str]:
        """Return the settings of a process that uses a database here, with the owning role's address too if asked."""
        owning = {"DATABASE_OWNER_URL": self.postgres.url(OWNER, database)} if owner else {}
        return {
            **owning,
            "DATABASE_URL": self.postgres.url(APP, database),
            "REDIS_URL": f"{self.redis.url}?db={os.getpid() % TEST_DATABASES}",
            "SECRET_KEY": self.postgres.known["SECRET_KEY"],
        }

    def start(self) -> None:
        """Start the services by a keeper of their own, unless they run."""
        with lock(self.home / "start.lock"):
            if self.postgres.answers() and self.redis.answers():
                return
            log = self.home / "keeper.log"
            with log.open("wb") as out:
                keeper = subprocess.Popen(
                    [sys.executable, "-m", "fundportal.stack.throwaway", str(self.home)],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            deadline = time.monotonic() + 60
            while not (self.postgres.answers() and self.redis.answers()):
                if keeper.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"Testernas PostgreSQL och Redis startade inte:\n{log.read_text()}")
                time.sleep(0.05)
            keeper.returncode = 0  # it lives on without us: do not warn that it does

    @contextlib.contextmanager
    def use(self) -> Iterator["Throwaway"]:
        """Keep the services running while inside."""
        with lock(self.home / "use.lock", shared=True):
            self.start()
            yield self

    def keep(self) -> None:
        """Run the services until no one has used them for a while."""
        with lock(self.home / "keeper.lock"):
            children = [self.postgres.start()]
            self.postgres.roles()
            children.append(self.redis.start())  # last: when it answers, all is ready
            last, gate = time.monotonic(), (self.home / "use.lock").open("w")
            while all(child.lives for child in children):
                time.sleep(1)
                try:
                    fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    last = time.monotonic()
                    continue
                if time.monotonic() - last > IDLE_SECONDS:
                    break  # still locked: whoever comes now waits until we are gone, and starts anew
                fcntl.flock(gate, fcntl.LOCK_UN)
            for child in children:
                child.ask()
            for child in children:
                child.wait(10)
            gate.close()


@contextlib.contextmanager
def lock(path: Path, *, shared: bool = False) -> Iterator[IO[str]]:
    """Hold a lock that the system lets go of when we end, however we end."""
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield held


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Throwaway(Path(sys.argv[1])).keep()
