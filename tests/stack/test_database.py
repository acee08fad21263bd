"""The role that runs may do what it must, and no more."""

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection, transaction

from fundportal.management.commands.prepare import LIMITED
from fundportal.stack.services import APP


def rights(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select lower(privilege_type) from information_schema.table_privileges"
            " where grantee = current_user and table_name = %s",
            [table],
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_tests_run_as_the_role_that_runs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, (select rolsuper from pg_roles where rolname = current_user)")

        assert cursor.fetchone() == (APP, False)


@pytest.mark.django_db
def test_every_limited_table_exists_and_carries_no_other_right() -> None:
    for table, allowed in LIMITED.items():
        whole = {right for right, columns in allowed.items() if not columns}

        assert rights(table) == whole, table


@pytest.mark.django_db
def test_no_table_may_be_emptied_by_the_running_role() -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)

    assert len(tables) > len(LIMITED)
    assert [table for table in tables if "truncate" in rights(table)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table", ["fundportal_event", "fundportal_entry", "fundportal_chainhead", "fundportal_balance"]
)
@pytest.mark.parametrize(
    "act", ["delete from {}", "truncate {}", "drop table {}", "alter table {} disable trigger all"]
)
def test_history_and_ledger_cannot_be_unwritten(table: str, act: str) -> None:
    with pytest.raises(Exception, match=r"permission denied|must be owner") as refused, transaction.atomic():
        connection.cursor().execute(act.format(table))

    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_a_fresh_database_commits_for_real(fresh_db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_database()")

        assert cursor.fetchone() == (fresh_db,)
    assert connection.get_autocommit()


def test_the_cache_is_a_real_redis(empty_cache: None) -> None:
    cache.set("ett", 1)

    assert cache.incr("ett") == 2
