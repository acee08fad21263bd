"""Writes the documents that are printed from the process table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fundportal import printed

HERE = Path(__file__).resolve().parent.parent.parent / "docs"


class Command(BaseCommand):
    """`manage.py docs`: process.md and rights.md, from the table and from nothing else."""

    help = "Skriver fundportal/docs/process.md och rights.md ur processtabellen."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--check` writes nothing."""
        parser.add_argument("--check", action="store_true", help="skriv inget; fela om något är gammalt")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or tell what is stale."""
        for name, text in printed.documents().items():
            path = HERE / name
            if options["check"] and (not path.exists() or path.read_text(encoding="utf-8") != text):
                raise CommandError(f"fundportal/docs/{name} är gammal. Kör: manage.py docs")
            if not options["check"]:
                path.write_text(text, encoding="utf-8")
