"""One word for the shape of the database: it changes when a migration or a grant does."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("*/migrations/*.py", "fundportal/city.py", "fundportal/management/commands/prepare.py", "requirements.lock")


def fingerprint() -> str:
    """Hash the migrations, the grants and the versions of the libraries, which bring migrations of their own."""
    found = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))
    parts = [f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in found]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
