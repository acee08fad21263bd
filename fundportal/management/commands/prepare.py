"""Prepare the database: migrate, then give the role that runs its rights, and no more than these."""

from argparse import ArgumentParser
from typing import Any

import dj_database_url
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from fundportal.environment import env
from fundportal.stack.fingerprint import fingerprint

# What the running role may do where it may not do everything. A column list narrows an update to those columns.
LIMITED: dict[str, dict[str, tuple[str, ...]]] = {
    "fundportal_event": {"select": (), "insert": (), "update": ("told_at",)},
    "fundportal_entry": {"select": (), "insert": ()},
    "fundportal_balance": {"select": ()},  # written by a trigger of the owner
    "fundportal_turnover": {"select": ()},  # same
    "fundportal_periodlock": {"select": (), "insert": ()},
    "fundportal_fundrules": {"select": (), "insert": ()},
    "fundportal_centralgrant": {"select": (), "insert": ()},
    "fundportal_proof": {"select": (), "insert": ()},
    "fundportal_chainhead": {"select": ()},  # same
    "fundportal_note": {"select": (), "insert": ()},
    "fundportal_notestrike": {"select": (), "insert": ()},
    "fundportal_casetext": {"select": ()},  # same
    "applications_health": {"select": ()},  # same
    "fundportal_document": {
        "select": (),
        "insert": (),
        "update": ("sha256", "file", "size", "pages", "printed_at"),
    },
    "fundportal_exportlog": {"select": (), "insert": ()},
    "django_migrations": {"select": ()},
}
EVERYTHING: dict[str, tuple[str, ...]] = {"select": (), "insert": (), "update": (), "delete": ()}
LOCK = 7_301_957  # any number, the same for all who prepare


class Command(BaseCommand):
    """`manage.py prepare`: run by the role that owns the tables; harmless to run again."""

    help = "Migrerar databasen och ger rollen som kör sina rättigheter. Körs av rollen som äger tabellerna."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--force`."""
        parser.add_argument("--force", action="store_true", help="gör allt även om inget har ändrats")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and grant, unless the database already carries this version's fingerprint."""
        if owner := env("DATABASE_OWNER_URL", ""):
            connection.close()
            connection.settings_dict.update(dj_database_url.parse(owner))
        wanted = fingerprint()
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [LOCK])
            try:
                if options["force"] or self.prepared() != wanted:
                    call_command("migrate", interactive=False, verbosity=options["verbosity"])
                    self.grant(settings.DATABASE_APP_ROLE)
                    cursor.execute(f"comment on table django_migrations is '{wanted}'")
            finally:
                cursor.execute("select pg_advisory_unlock(%s)", [LOCK])

    def prepared(self) -> str | None:
        """Return the fingerprint the database carries."""
        with connection.cursor() as cursor:
            cursor.execute("select obj_description(to_regclass('django_migrations'), 'pg_class')")
            found: str | None = cursor.fetchone()[0]
        return found

    def grant(self, role: str) -> None:
        """Take every right from the running role and give it those it needs, in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select current_user, (select 1 from pg_roles where rolname = %s)", [role])
            me, known = cursor.fetchone()
            if me == role:
                self.stdout.write(
                    f"Varning: {role} äger tabellerna den kör mot, så bara triggrar skyddar historiken. "
                    "Sätt DATABASE_OWNER_URL till en annan roll än DATABASE_URL."
                )
                return
            if not known:
                raise CommandError(f"Rollen {role} saknas. Skapa den: create role {role} login password '…';")
            name = connection.ops.quote_name(role)
            cursor.execute(f"revoke all on all tables in schema public from {name}")
            cursor.execute(f"revoke all on all sequences in schema public from {name}")
            cursor.execute(f"grant usage on schema public to {name}")
            cursor.execute(f"grant usage, select on all sequences in schema public to {name}")
            tables = connection.introspection.get_table_list(cursor)
            for table in sorted(info.name for info in tables if info.type in {"t", "p"}):
                columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
                for right, only in LIMITED.get(table, EVERYTHING).items():
                    listed = ", ".join(column for column in only if column in columns)
                    scope = f"({listed})" if only else ""
                    cursor.execute(f"grant {right} {scope} on {connection.ops.quote_name(table)} to {name}")
