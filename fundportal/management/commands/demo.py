"""Loads the demo's invented city, or lists its people."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from fundportal.demo import people


class Command(BaseCommand):
    help = "Laddar demons påhittade stad (en gång), eller skriver ut dess personer som JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--people lists, without touching the database."""
        parser.add_argument("--people", action="store_true", help="skriv ut personerna som JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, or load what is not loaded."""
        if options["people"]:
            self.stdout.write(json.dumps(people(), ensure_ascii=False, indent=1))
            return
        from fundportal.demo import load  # noqa: PLC0415 -- slow import

        if load.is_loaded():
            self.stdout.write("Demon är redan laddad.")
            return
        load.load(timezone.now(), self.stdout.write if options["verbosity"] > 1 else lambda text: None)
        self.stdout.write("Demon är laddad. Alla personer, projekt och belopp är påhittade.")
