"""What the machine says: settings read from the environment, or from the services `make run` started."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / (os.environ.get("VAR_DIR") or "var")  # an absolute VAR_DIR stands as it is
# What `make run` started: the addresses of its services, so that `manage.py shell` in another terminal just works.
STACK_FILE = VAR_DIR / "run" / "stack.json"
STACK: dict[str, str] = json.loads(STACK_FILE.read_text()) if STACK_FILE.is_file() else {}


def env(name: str, default: str | None = None) -> str:
    """Read one setting from the environment, then from what `make run` started, then the default."""
    value = os.environ.get(name) or STACK.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"{name} saknas. Starta med `make run`, eller sätt {name}: se .env.example.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Read a yes-or-no setting: 1, true, ja and on mean yes."""
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "ja", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Read a list of words parted by commas."""
    return [word.strip() for word in env(name, default).split(",") if word.strip()]


def mail(url: str) -> dict[str, Any]:
    """Read Django's mail settings out of `smtp://user:password@host:port?tls=1` (or `smtps://`); none from nothing."""
    if not url:
        return {"EMAIL_BACKEND": "fundportal.mailbox.MailboxBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("EMAIL_URL ska börja med smtp:// eller smtps://")
    ssl = parts.scheme == "smtps"
    tls = not ssl and parse_qs(parts.query).get("tls") == ["1"]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if ssl else 587 if tls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": ssl,
        "EMAIL_USE_TLS": tls,
    }
