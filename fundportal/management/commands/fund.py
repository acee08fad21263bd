"""Makes a fund with its first round, or one more round: how a city without the demo begins."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from fundportal.models import Fund, FundRules, Round


class Command(BaseCommand):
    help = "Skapar en fond (om den inte finns) och en ansökningsomgång. Medel reserveras sedan på fondens sida."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Names and days."""
        parser.add_argument("name")
        parser.add_argument("--round", required=True, help="omgångens namn")
        parser.add_argument("--opens", required=True, type=date.fromisoformat, help="öppnar, ÅÅÅÅ-MM-DD")
        parser.add_argument("--closes", required=True, type=date.fromisoformat, help="sista dag, ÅÅÅÅ-MM-DD")
        parser.add_argument("--max-years", type=int, help="längsta investeringsfas i år, för en ny fond")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Both or neither."""
        if options["closes"] < options["opens"]:
            raise CommandError("Sista dagen ligger före öppningsdagen.")
        fund, made = Fund.objects.get_or_create(name=options["name"])
        if made:
            FundRules.objects.create(fund=fund, valid_from=options["opens"], max_years=options["max_years"])
        opened = Round.objects.create(
            fund=fund,
            name=options["round"],
            opens_on=options["opens"],
            closes_on=options["closes"],
        )
        self.stdout.write(f"{opened}: {opened.opens_on.isoformat()} till {opened.closes_on.isoformat()}")
