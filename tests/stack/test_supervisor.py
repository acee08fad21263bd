"""`make run`: starts, stops, starts again, whatever happened to it before."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from fundportal.stack.product import ROOT, Product

pytestmark = pytest.mark.timeout(300)
SECOND_START = 10.0  # seconds, by the promise of the README
BUSY = 8.0  # on a machine so busy that one `manage.py check` takes more than its second, as many times that
NO_DEMO = {"DEMO": "0", "ALLOWED_HOSTS": "localhost,127.0.0.1"}


def free_port() -> int:
    with closing(socket.socket()) as line:
        line.bind(("127.0.0.1", 0))
        number: int = line.getsockname()[1]
        return number


def status(address: str, path: str) -> int:
    host = address.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=10)) as line:
        line.request("GET", path)
        return line.getresponse().status


def processes(var: Path) -> list[str]:
    """Every process whose environment or command line names the data folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if os.fsencode(var) in text and state != "Z" and folder.name != str(os.getpid()):
            found.append(f"{folder.name} {(folder / 'cmdline').read_bytes()[:120]!r}")
    return found


def none_left(var: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while processes(var) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not processes(var)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder that the module's starts share, as a person's would."""
    folder = tmp_path_factory.mktemp("supervisor") / "var"
    yield folder
    assert none_left(folder, 15), processes(folder)


@pytest.fixture
def start(var: Path) -> Iterator["list[Product]"]:
    """Collects what a test starts, and ends what it leaves."""
    started: list[Product] = []
    yield started
    for product in started:
        if product.process.poll() is None:
            product.process.kill()
        product.stop()


def test_first_start_answers_and_ctrl_c_stops_every_process(var: Path, start: list[Product]) -> None:
    product = Product(var, port=free_port(), extra=NO_DEMO)
    start.append(product)

    address = product.ready()

    assert (status(address, "/healthz"), status(address, "/readyz")) == (200, 200)
    assert (product.stop(signal.SIGINT), none_left(var, 5)) == (0, True), processes(var)
    assert "received fast shutdown request" in (var / "log" / "postgres.log").read_text()


def test_second_start_is_quick_and_a_third_says_that_it_runs(var: Path, start: list[Product]) -> None:
    before = time.monotonic()
    product = Product(var, port=free_port(), extra=NO_DEMO)
    start.append(product)
    address = product.ready()
    took = time.monotonic() - before
    before = time.monotonic()
    product.manage("check")
    one_command = time.monotonic() - before

    other = Product(var, port=free_port(), extra=NO_DEMO)
    start.append(other)
    code = other.process.wait(20)

    assert code == 1
    assert other.lines.get(timeout=5) == f"Fondportalen körs redan: {address}/ (process {product.process.pid})"
    assert took < max(SECOND_START, BUSY * one_command)
    assert product.stop(signal.SIGTERM) == 0


def test_a_busy_port_a_killed_run_and_a_process_that_ends_are_got_over(var: Path, start: list[Product]) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        killed = Product(var, port=busy, extra=NO_DEMO)
        start.append(killed)

        address = killed.ready()

    port = int(address.rsplit(":", 1)[1])
    assert port > busy
    assert f"Port {busy} är upptagen. Tar nästa lediga: {port}." in killed.said

    killed.process.kill()
    killed.process.wait()
    again = Product(var, port=free_port(), extra=NO_DEMO)
    start.append(again)
    address = again.ready()

    assert status(address, "/readyz") == 200
    _is_started_again(again, address)
    assert again.stop() == 0
    assert none_left(var, 10), processes(var)


def _is_started_again(product: Product, address: str) -> None:
    """A process that ends is started anew, and the product answers."""
    web = next(line.split()[0] for line in processes(product.var) if "gunicorn" in line)
    os.kill(int(web), signal.SIGKILL)
    said = ""
    while not said.startswith("Webben slutade"):
        said = product.lines.get(timeout=15) or "Webben slutade för gott"
    deadline = time.monotonic() + 20
    answered = 0
    while answered != 200 and time.monotonic() < deadline:
        try:
            answered = status(address, "/readyz")
        except OSError:
            time.sleep(0.2)
    assert answered == 200


def test_services_of_ones_own_are_used_and_nothing_embedded_is_started(
    services: "object", template: str, tmp_path: Path, start: list[Product]
) -> None:
    from fundportal.stack.throwaway import Throwaway  # noqa: PLC0415 -- slow import

    assert isinstance(services, Throwaway)
    name = f"test_{os.getpid()}_own"
    services.postgres.run(f"create database {name} template {template} owner fondportalen_owner")
    try:
        own = {**services.environment(name), "EMAIL_URL": "smtp://127.0.0.1:1"}
        owner = services.environment(name, owner=True)["DATABASE_OWNER_URL"]
        product = Product(tmp_path / "var", port=free_port(), extra={**NO_DEMO, **own, "DATABASE_OWNER_URL": owner})
        start.append(product)
        address = product.ready()

        assert status(address, "/readyz") == 200
        assert not [line for line in processes(tmp_path / "var") if "postgres -D" in line or "valkey-server" in line]
        assert sorted(path.name for path in (tmp_path / "var" / "log").iterdir()) == [
            "beat.log",
            "web.log",
            "worker.log",
        ]
        assert product.stop() == 0
    finally:
        services.postgres.run(f"drop database if exists {name} with (force)")


def test_interrupting_make_alone_stops_what_it_started(var: Path) -> None:
    env = {**os.environ, **NO_DEMO, "VAR_DIR": str(var), "PORT": str(free_port()), "PYTHONUNBUFFERED": "1"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    # Whoever starts the tests in the background has made them deaf to Ctrl-C, and make would inherit that.
    command = ["env", "--default-signal=INT", "make", "run"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as make:
        assert make.stdout is not None
        for line in make.stdout:
            if line.startswith("Klart: "):
                break

        make.send_signal(signal.SIGINT)
        make.wait(30)
        make.stdout.read()

    assert none_left(var, 5), processes(var)
