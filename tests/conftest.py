"""Every test runs on a real PostgreSQL, as the role that runs and never as the owner.

A template database is prepared once per version of the migrations; each test run clones it, and a test that needs
real commits or threads asks for `fresh_db`, a clone of its own.
"""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as property_settings
from pytest_django.plugin import DjangoDbBlocker

from fundportal.stack.fingerprint import ROOT, fingerprint
from fundportal.stack.services import OWNER
from fundportal.stack.throwaway import Throwaway, lock

TEMPLATES_KEPT = 4

# A machine that is busy with something else is no failure.
property_settings.register_profile("ours", deadline=None)
property_settings.load_profile("ours")


@pytest.fixture(scope="session")
def services() -> Iterator[Throwaway]:
    """The throwaway PostgreSQL and Redis."""
    with Throwaway().use() as throwaway:
        yield throwaway


@pytest.fixture(scope="session")
def template(services: Throwaway) -> str:
    """A prepared, empty database to clone: migrated by the owner, granted to the running role."""
    name = f"template_{fingerprint()}"
    postgres = services.postgres
    with lock(services.home / "template.lock"):
        found = postgres.run("select datname from pg_database where datname ~ '^template_' order by oid").split()
        if name not in found:
            for old in [other for other in found if other not in {"template0", "template1"}][: -TEMPLATES_KEPT + 1]:
                postgres.run(f"drop database if exists {old} with (force)")
            postgres.run("drop database if exists building with (force)")
            postgres.database("building")
            environment = {**os.environ, **services.environment("building", owner=True)}
            done = subprocess.run(
                [sys.executable, "manage.py", "prepare", "--verbosity", "0"],
                cwd=ROOT,
                check=False,
                capture_output=True,
                text=True,
                env={**environment, "DJANGO_SETTINGS_MODULE": "fundportal.settings"},
            )
            if done.returncode:
                pytest.exit(f"manage.py prepare misslyckades:\n{done.stdout}{done.stderr[-4000:]}", returncode=1)
            postgres.run(f"alter database building rename to {name}")
    return name


@contextmanager
def clone(services: Throwaway, template: str) -> Iterator[str]:
    """Make a copy of the template and drop it afterwards."""
    name = f"test_{os.getpid()}_{secrets.token_hex(4)}"
    services.postgres.run(f"create database {name} template {template} strategy file_copy owner {OWNER}")
    try:
        yield name
    finally:
        services.postgres.run(f"drop database if exists {name} with (force)")


def sweep(services: Throwaway) -> None:
    """Drop what killed test runs left behind."""
    for name in services.postgres.run("select datname from pg_database where datname ~ '^test_'").split():
        if not Path("/proc", name.split("_")[1]).exists():
            services.postgres.run(f"drop database if exists {name} with (force)")


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django's connection, in every thread, lead to another database."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, services: Throwaway, template: str
) -> Iterator[None]:
    """Give this run a clone of its own (in place of pytest-django's, which would migrate as the running role)."""
    sweep(services)
    with clone(services, template) as name, django_db_blocker.unblock(), connected_to(name):
        yield


@pytest.fixture
def fresh_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, services: Throwaway, template: str
) -> Iterator[str]:
    """A database of the test's own, for real commits and threads. Threads must close their connection themselves."""
    with clone(services, template) as name, django_db_blocker.unblock(), connected_to(name):
        yield name


@pytest.fixture
def empty_cache(services: Throwaway) -> Iterator[None]:
    """A real, empty Redis for tests that count in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def own_files() -> Iterator[None]:
    """Remove what the tests stored."""
    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
