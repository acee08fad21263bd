"""What the supervisor does between the services and the web: the database's shape, static files, the demo."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fundportal.stack.fingerprint import fingerprint
from fundportal.stack.services import DATABASE, Postgres

ROOT = Path(__file__).resolve().parent.parent.parent


def manage(env: Mapping[str, str], *words: str) -> None:
    """Run one of `manage.py`'s commands, and stop with what it said when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=dict(env), check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(words)} misslyckades:\n{done.stdout[-1000:]}{done.stderr[-4000:]}")
    if done.stdout.strip():
        print(done.stdout.strip(), flush=True)


def write_private(path: Path, text: str) -> None:
    """Replace a file in one instant with one that only we may read."""
    handle, new = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    Path(new).replace(path)


def prepare(env: Mapping[str, str], postgres: Postgres | None) -> None:
    """Migrate and grant, unless the database already carries this version's fingerprint."""
    if postgres is not None:
        sql = "select obj_description(to_regclass('django_migrations'), 'pg_class')"
        if postgres.run(sql, DATABASE).strip() == fingerprint():
            return
    print("Förbereder databasen …", flush=True)
    manage(env, "prepare", "--verbosity", "0")


def collect(env: Mapping[str, str], var: Path) -> None:
    """Gather the static files under hashed names, unless nothing has changed."""
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    facts = [f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files]
    wanted = hashlib.sha256("\n".join([*facts, (ROOT / "requirements.lock").read_text()]).encode()).hexdigest()
    mark = var / "static" / ".made-from"
    if mark.is_file() and mark.read_text() == wanted:
        return
    manage(env, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    mark.write_text(wanted)


def peopled(url: str) -> bool:
    """Tell whether a database already has users: then it is someone's, and gets no demo."""
    import psycopg  # noqa: PLC0415 -- slow import, and only on the first run

    with psycopg.connect(url) as line:
        found = line.execute("select exists(select from fundportal_user)").fetchone()
    return bool(found and found[0])


def demo(env: Mapping[str, str], var: Path) -> None:
    """Load the demo on the first run, never into a database that is in use. It is loaded whole or not at all."""
    mark = var / "demo"
    if env.get("DEMO") != "1" or mark.exists():
        return
    if peopled(env["DATABASE_URL"]):
        print("Databasen har redan användare, så demon laddas inte.", flush=True)
    else:
        print("Laddar demon: en fond, omgångar, ärenden och människor. Det tar en stund första gången …", flush=True)
        manage(env, "demo")
    mark.touch()


def people(env: Mapping[str, str]) -> "subprocess.Popen[str] | None":
    """Ask for the demo people, while the web server starts."""
    if env.get("DEMO") != "1":
        return None
    command = [sys.executable, "manage.py", "demo", "--people"]
    return subprocess.Popen(command, cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, text=True)


def introduction(people: str, env: Mapping[str, str]) -> str:
    """Say who one can log in as, and where the letters go."""
    lines = []
    if people.strip():
        rows = json.loads(people)
        width = max(len(row["email"]) for row in rows)
        lines += ["", f"Demons personer (lösenord: {', '.join(sorted({row['password'] for row in rows}))}):"]
        lines += [f"  {row['email']:<{width}}  {row['role']}  {row.get('namnd') or ''}".rstrip() for row in rows]
    if not env.get("EMAIL_URL"):
        lines.append("Breven skickas inte: de läses på sidan Brevlådan (sätt EMAIL_URL för att skicka).")
    return "\n".join([*lines, ""])
