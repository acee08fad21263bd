"""Start everything Fondportalen needs on one machine, watch over it, and stop it cleanly.

Runs in the virtual environment. Order: services, database, static files, web, worker, beat; stops the other way round.
"""

import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import IO

from fundportal.stack import setup
from fundportal.stack.children import LIBC, PR_SET_PDEATHSIG, Child, until
from fundportal.stack.services import APP, DATABASE, OWNER, Postgres, Redis, passwords, private, sockets

ROOT = Path(__file__).resolve().parent.parent.parent
PORTS_TRIED = 50
RESTARTS = 5  # within RESTART_SECONDS, then we give up
RESTART_SECONDS = 60


class Stopped(Exception):  # noqa: N818 -- not an error: someone asked us to stop
    """Someone asked us to stop."""


def say(text: str) -> None:
    """Tell the person at the terminal what happens."""
    print(text, flush=True)


def listen(host: str, first: int) -> socket.socket:
    """Take the first free port from `first` on."""
    for port in range(first, first + PORTS_TRIED):
        line = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
            line.listen(512)
        except PermissionError:
            raise SystemExit(f"Port {port} får bara root använda. Välj en annan: PORT=8000 make run") from None
        except OSError:
            line.close()
            continue
        if port != first:
            say(f"Port {first} är upptagen. Tar nästa lediga: {port}.")
        line.set_inheritable(True)
        return line
    raise SystemExit(f"Ingen av portarna {first}–{first + PORTS_TRIED - 1} är ledig. Välj en annan: PORT=9000 make run")


def follow_make() -> Callable[[], bool]:
    """Stop when `make` does: return a question whether it was interrupted, and die with it when it is killed.

    Only `make` itself gets a signal sent to its process alone; it then waits for us, and only its signal mask tells.
    """
    status = Path("/proc", str(os.getppid()), "status")
    with suppress(OSError):
        if Path("/proc", str(os.getppid()), "comm").read_text().strip() in {"make", "gmake"}:
            if LIBC is not None:
                LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            at_first = catches_interrupts(status)
            return lambda: at_first and not catches_interrupts(status)
    return lambda: False


def catches_interrupts(status: Path) -> bool:
    """Tell whether a process has a handler for Ctrl-C."""
    with suppress(OSError):
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
        return bool(int(caught.split()[1], 16) & 1 << signal.SIGINT - 1)
    return False


def web_command(env: Mapping[str, str], number: int) -> list[str]:
    """Return the command of the web server that listens on an open socket."""
    temporary = "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"  # noqa: S108 -- heartbeat files
    web = [sys.executable, "-m", "gunicorn", "fundportal.wsgi", "--bind", f"fd://{number}", "--worker-class", "gthread"]
    web += ["--workers", env.get("WEB_WORKERS") or "2", "--threads", env.get("WEB_THREADS") or "4"]
    web += ["--worker-tmp-dir", temporary, "--no-control-socket", "--graceful-timeout", "5", "--timeout", "60"]
    return [*web, "--max-requests", "20000", "--max-requests-jitter", "2000", "--log-level", "warning"]


class Supervisor:
    """What runs, where, and how to start it again."""

    def __init__(self) -> None:
        """Read the environment; start nothing."""
        given = Path(os.environ.get("VAR_DIR") or "var")
        self.var = (ROOT / given).resolve()
        self.var.mkdir(parents=True, exist_ok=True)
        self.run, self.log = private(self.var / "run"), self.var / "log"
        self.starters: dict[str, Callable[[], Child]] = {}
        self.children: dict[str, Child] = {}
        self.restarts: dict[str, list[float]] = {}
        self.env = dict(os.environ)
        self.postgres: Postgres | None = None
        self.line: socket.socket | None = None

    def alone(self) -> IO[str]:
        """Take the lock of this data folder; whoever holds it already is named."""
        held = (self.run / "lock").open("a+")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            raise SystemExit(f"Fondportalen körs redan: {held.read().strip() or self.var}") from None
        self.tell(held, f"process {os.getpid()}, som startar")
        return held

    @staticmethod
    def tell(held: IO[str], text: str) -> None:
        """Write in the lock who holds it."""
        held.truncate(0)
        held.write(text)
        held.flush()

    def start(self, name: str, starter: Callable[[], Child]) -> Child:
        """Start a child and remember how."""
        self.starters[name] = starter
        self.children[name] = starter()
        return self.children[name]

    def services(self) -> None:
        """Start the embedded services that the environment does not replace, and say where everything is."""
        known, folder = passwords(self.var), sockets(self.var)
        stack = {"SECRET_KEY": known["SECRET_KEY"], "DEMO": self.env.get("DEMO") or "1"}
        if not self.env.get("DATABASE_URL"):
            self.postgres = Postgres(self.var / "postgres", folder, known, self.log / "postgres.log")
            self.start("PostgreSQL", self.postgres.start)
            self.postgres.roles()
            self.postgres.database(DATABASE)
            stack["DATABASE_URL"] = self.postgres.url(APP, DATABASE)
            self.env["DATABASE_OWNER_URL"] = self.postgres.url(OWNER, DATABASE)
        if not self.env.get("REDIS_URL"):
            redis = Redis(self.var / "redis", folder, self.log / "redis.log")
            self.start("Redis", redis.start)
            stack["REDIS_URL"] = redis.url
        self.line = listen(self.env.get("HOST") or "127.0.0.1", int(self.env.get("PORT") or 8000))
        stack["SITE_URL"] = self.env.get("SITE_URL") or self.address
        stack["SECURE"] = "1" if stack["SITE_URL"].startswith("https:") else "0"
        setup.write_private(self.run / "stack.json", json.dumps(stack, indent=2))
        self.env = {**stack, **{name: value for name, value in self.env.items() if value}, "VAR_DIR": str(self.var)}
        self.env["DJANGO_SETTINGS_MODULE"] = "fundportal.settings"

    @property
    def port(self) -> int:
        """Return the port we took."""
        assert self.line is not None  # noqa: S101 -- services() took it
        port: int = self.line.getsockname()[1]
        return port

    @property
    def address(self) -> str:
        """Return where a browser finds us."""
        host = self.env.get("HOST") or "127.0.0.1"
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 -- compared, not bound
        return f"http://{shown}:{self.port}"

    def processes(self) -> None:
        """Start web, worker and beat."""
        env = self.env
        python = sys.executable
        assert self.line is not None  # noqa: S101 -- services() took it
        number = self.line.fileno()
        web = web_command(env, number)
        celery = [python, "-m", "celery", "-A", "fundportal", "--quiet"]
        # Papers are printed when pages and people leave time for it.
        worker = ["nice", "-n", "10", *celery, "worker", "--concurrency", self.env.get("WORKERS") or "2"]
        worker += ["--loglevel", "info", "--without-gossip", "--without-mingle", "--hostname", "fondportalen@%h"]
        beat = [*celery, "beat", "--schedule", str(self.run / "beat"), "--pidfile", "", "--loglevel", "warning"]
        self.start("Webben", lambda: Child("Webben", web, log=self.log / "web.log", env=env, keep=(number,)))
        self.start("Arbetaren", lambda: Child("Arbetaren", worker, log=self.log / "worker.log", env=env))
        self.start("Klockan", lambda: Child("Klockan", beat, log=self.log / "beat.log", env=env))

    def answers(self) -> bool:
        """Tell whether the web server and all it needs are ready."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", "/readyz", headers={"Host": "localhost"})
            return line.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            line.close()

    def works(self, since: int) -> bool:
        """Tell whether the worker has said that it is ready."""
        with (self.log / "worker.log").open("rb") as log:
            log.seek(since)
            return b" ready." in log.read()

    def go(self) -> None:
        """Start all, in order, and say so when everything answers."""
        self.services()
        setup.prepare(self.env, self.postgres)
        self.env.pop("DATABASE_OWNER_URL", None)  # nothing after this is done as the owner
        setup.collect(self.env, self.var)
        worker_log = self.log / "worker.log"
        self.log.mkdir(exist_ok=True)
        since = worker_log.stat().st_size if worker_log.exists() else 0
        setup.demo(self.env, self.var)
        self.processes()
        people = setup.people(self.env)
        until(self.answers, self.children["Webben"], 60, pause=0.2)
        until(lambda: self.works(since if worker_log.stat().st_size >= since else 0), self.children["Arbetaren"], 60)
        say(setup.introduction(people.communicate()[0] if people else "", self.env))
        say(f"Klart: {self.address}/")
        say("Ctrl-C stoppar allt.")

    def watch(self, make_stopped: Callable[[], bool]) -> None:
        """Start again whatever ends by itself, until someone asks us to stop."""
        while not make_stopped():
            time.sleep(0.3)
            for name, child in self.children.items():
                if not child.lives:
                    self.restart(name, child)

    def restart(self, name: str, child: Child) -> None:
        """Start a child again, but not for ever."""
        now = time.monotonic()
        recent = [moment for moment in self.restarts.get(name, []) if now - moment < RESTART_SECONDS]
        if len(recent) >= RESTARTS:
            raise SystemExit(f"{name} slutar gång på gång. Slutet av {child.log}:\n{child.tail()}")
        say(f"{name} slutade (kod {child.process.returncode}) och startas om. Se {child.log}.")
        self.restarts[name] = [*recent, now]
        self.children[name] = self.starters[name]()

    def stop(self) -> None:
        """Stop all, the services last; no one is left behind."""
        for names, patience in ((("Webben", "Arbetaren", "Klockan"), 5), (("Redis", "PostgreSQL"), 20)):
            group = [self.children[name] for name in names if name in self.children]
            for child in group:
                child.ask()
            for child in group:
                child.wait(patience)


def stop_asked(number: int, frame: FrameType | None) -> None:
    """Turn the first signal into an orderly stop; later ones change nothing."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def main() -> None:
    """Run until told to stop."""
    supervisor = Supervisor()
    make_stopped = follow_make()
    held = supervisor.alone()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop_asked)
    try:
        supervisor.go()
        supervisor.tell(held, f"{supervisor.address}/ (process {os.getpid()})")
        supervisor.watch(make_stopped)
    except Stopped:
        pass
    finally:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        say("\nStoppar …")
        supervisor.stop()
        say("Stoppat.")
