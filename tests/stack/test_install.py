"""What is missing is installed when it may be; else the exact command is said."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fundportal.stack import install, vendor
from fundportal.stack.install import ROOT


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without apt, sudo, Node or a browser."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def test_a_missing_browser_fails_with_the_command(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="Ingen Chromium hittades"):
        install.browser()

    assert "sudo apt-get install -y --no-install-recommends chromium" in capsys.readouterr().out


def test_missing_pango_is_named_with_the_command(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "PANGO", {"libfinnsinte.so.0": "libpango-1.0-0"})

    assert install.missing_libraries() == ["libpango-1.0-0"]
    assert install.pango() is False
    assert "apt-get install -y --no-install-recommends libpango-1.0-0" in capsys.readouterr().out


def test_missing_venv_is_named_with_the_command(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "PYTHON", bare / "finns-inte")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(SystemExit):
        install.environment()

    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert f"apt-get install -y --no-install-recommends {package}" in capsys.readouterr().out


def test_apt_is_used_when_we_are_root(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = bare / "called"
    (bare / "apt-get").write_text(f'#!/bin/sh\necho "$@" >> {called}\n')
    (bare / "apt-get").chmod(0o755)
    (bare / "env").write_text('#!/bin/sh\nshift\nexec "$@"\n')
    (bare / "env").chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert install.apt(["chromium"], "en webbläsare") is True
    assert called.read_text() == "install -y --no-install-recommends chromium\n"


def test_the_stack_needs_nothing_installed() -> None:
    """Everything up to the virtual environment runs on a bare Python."""
    code = (
        "import fundportal.stack.install, fundportal.stack.vendor, fundportal.stack.throwaway, fundportal.stack.setup"
    )

    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"], check=False
    )

    assert done.returncode == 0


def test_what_is_vendored_is_what_the_repository_says() -> None:
    assert vendor.is_current()


def test_npms_lock_has_no_addresses() -> None:
    text = (ROOT / "package-lock.json").read_text()

    assert "http://" not in text
    assert "https://" not in text
    assert "resolved" not in text
