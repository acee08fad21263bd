"""Measures the product against its goals: `make bench`, or `manage.py bench queue pdf` beside a running product."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fundportal.bench.goals import ROUNDS
from fundportal.bench.run import LARGE, SMALL, Bench


class Command(BaseCommand):
    help = "Mäter mot målen. Skriver ett JSON-objekt per rad; allt annat skrivs till stderr."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which goals, and how large."""
        parser.add_argument("only", nargs="*", help="delar av måls namn; alla mål om inget anges")
        parser.add_argument("--small", type=int, default=SMALL, help="ärenden i den lilla databasen")
        parser.add_argument("--large", type=int, default=LARGE, help="ärenden i den stora databasen")
        parser.add_argument("--rounds", type=int, default=ROUNDS, help="mätta anrop på var sida, minst 30")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure; the exit code is 1 if a goal is missed twice."""
        bench = Bench(tuple(options["only"]), options["small"], options["large"], max(30, options["rounds"]))
        if not bench.run(self.stderr.write, lambda result: self.stdout.write(result.line())):
            raise SystemExit(1)
