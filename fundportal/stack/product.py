"""A whole product of one's own, started by the supervisor: for end-to-end tests, pictures and measurements.

`python -m fundportal.stack.product manage.py bench` runs a command beside one, with its data in `var/bench`.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from fundportal.stack.services import DATABASE, OWNER, Postgres, passwords, sockets

ROOT = Path(__file__).resolve().parent.parent.parent
READY = "Klart: "
REPLACED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "DEBUG", "SITE_URL")


class Product:
    """A supervisor we started, with its data folder."""

    def __init__(self, var: Path, *, port: int = 8600, extra: Mapping[str, str] | None = None) -> None:
        """Start it; `ready` waits until it answers."""
        own = {name: value for name, value in os.environ.items() if name not in REPLACED}
        own.pop("DJANGO_SETTINGS_MODULE", None)
        self.var, self.said = var, list[str]()
        self.env = {
            **own,
            "VAR_DIR": str(var),
            "PORT": str(port),
            "DEMO": "1",
            "PYTHONUNBUFFERED": "1",
            **(extra or {}),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fundportal.stack", "serve"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        """Pass on what it says, line by line."""
        assert self.process.stdout is not None  # noqa: S101 -- asked for above
        with self.process.stdout as output:
            for line in output:
                self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def ready(self, seconds: float = 600) -> str:
        """Wait for the line that says it answers, and return the address without a slash at its end."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                line = self.lines.get(timeout=min(left, 1))
                if line is None:
                    break
                self.said.append(line)
                if line.startswith(READY):
                    return line.removeprefix(READY).strip().rstrip("/")
        raise RuntimeError("Fondportalen startade inte:\n" + "\n".join(self.said[-40:]))

    def stop(self, sent: int = signal.SIGINT, seconds: float = 30) -> int:
        """Stop it and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sent)
        try:
            return self.process.wait(seconds)
        finally:
            self.process.kill()  # nothing, when it has ended
            self.process.wait()
            self.reader.join(5)
            with contextlib.suppress(queue.Empty):
                while True:
                    self.said += [line for line in [self.lines.get_nowait()] if line is not None]

    def owner_url(self) -> str:
        """Return the address of its embedded database for the role that owns the tables."""
        return Postgres(self.var, sockets(self.var), passwords(self.var), self.var / "log").url(OWNER, DATABASE)

    def manage(self, *words: str) -> str:
        """Run one of `manage.py`'s commands against it and return what it prints."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self.env, check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def running(var: Path, *, port: int = 8600, extra: Mapping[str, str] | None = None) -> Iterator[tuple[Product, str]]:
    """Run a product while inside; gives it and its address."""
    product = Product(var, port=port, extra=extra)
    try:
        yield product, product.ready()
    finally:
        product.stop()


def main() -> int:
    """Run a command beside a product of its own, without the demo."""
    with running(ROOT / "var" / "bench", port=8700, extra={"DEMO": "0"}) as (product, address):
        env = {**product.env, "BASE_URL": address, "DATABASE_OWNER_URL": product.owner_url()}
        return subprocess.run([sys.executable, *sys.argv[1:]], cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
