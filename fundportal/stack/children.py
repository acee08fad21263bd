"""Start and stop other programs so that none outlives us, whatever ends us."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
NOBODY = 65534
POWERS = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--pdeathsig=keep")
WAYS = (
    ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"],
    ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *POWERS],
)
ROOT = Path(__file__).resolve().parent.parent.parent
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(sent: int) -> Callable[[], None]:
    """Return what a child does first: lead a session of its own, and get `sent` when its parent is gone."""
    parent = os.getpid()

    def first() -> None:
        os.setsid()
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, sent)
            if os.getppid() != parent:  # it went before we asked
                os._exit(1)

    return first


def as_nobody() -> tuple[list[str], int]:
    """Return what to put before PostgreSQL, which refuses root and users without a name, and who owns its files then.

    The first choice is a user namespace in which our files belong to `nobody`: no file changes owner. Where these may
    not be made, as in most containers, root becomes `nobody` but may still pass through its own folders.
    """
    me = os.geteuid()
    if me != 0 and has_name(me):
        return [], me
    for before in WAYS:
        if works([*before, "true"]):
            return before, me if before[0] == "unshare" else NOBODY
    raise SystemExit(
        "PostgreSQL vägrar köras av den här användaren, och varken unshare eller setpriv får byta den. "
        "Kör `make run` som en vanlig användare, eller sätt DATABASE_URL till en egen PostgreSQL."
    )


def works(command: list[str]) -> bool:
    """Tell whether a program runs and is content."""
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def has_name(uid: int) -> bool:
    """Tell whether the system knows a user by this number."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


class Child:
    """A program we started, with its name, its log and the signal that ends it cleanly."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        end: int = signal.SIGTERM,
        death: int | None = None,
        keep: Sequence[int] = (),
    ) -> None:
        """Start the program; `end` asks it to stop, `death` is what it gets if we are killed, `keep` are open files."""
        self.name, self.log, self.end = name, log, end
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > 5_000_000:
            log.replace(log.with_suffix(".old"))
        out: IO[bytes]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(env) if env is not None else None,
                cwd=ROOT,
                pass_fds=tuple(keep),
                preexec_fn=dies_with_parent(end if death is None else death),
            )

    @property
    def lives(self) -> bool:
        """Tell whether the program is still running."""
        return self.process.poll() is None

    def ask(self) -> None:
        """Ask the program to stop."""
        if self.lives:
            self.process.send_signal(self.end)

    def wait(self, seconds: float) -> None:
        """Wait for the program to end; end its whole session by force when it does not."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def tail(self, lines: int = 15) -> str:
        """Return the last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def until(ready: Callable[[], bool], child: Child, seconds: float, pause: float = 0.02) -> None:
    """Wait until something answers, or say why its program does not."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not child.lives or time.monotonic() > deadline:
            raise SystemExit(f"{child.name} startade inte. Slutet av {child.log}:\n{child.tail()}")
        time.sleep(pause)
