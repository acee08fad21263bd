"""Makes a person, or gives one more role: how a city without the demo gets its first people."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from fundportal import flow, roles
from fundportal.models import Namnd, User
from fundportal.process import EVERYWHERE, ON_NAMND, Role

BY = "system: manage.py person"
"""Who did it, in the house's history: nobody is logged in at the machine."""


class Command(BaseCommand):
    help = "Skapar en person, eller ger en som finns ytterligare en roll. Lösenordet väljs via ”Glömt lösenordet?”."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and as what."""
        parser.add_argument("email")
        parser.add_argument("first_name", nargs="?", default="")
        parser.add_argument("last_name", nargs="?", default="")
        parser.add_argument("--title", default="", help="befattning")
        parser.add_argument("--role", choices=[*EVERYWHERE, *ON_NAMND], help="roll")
        parser.add_argument("--namnd", default="", help="nämndens förkortning, för roller som innehas i en nämnd")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Find or make the person; then give the role. Both stand in the house's history."""
        at = timezone.now()
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            if not options["first_name"] or not options["last_name"]:
                raise CommandError("Personen finns inte. Ange förnamn och efternamn för att skapa den.")
            names = {key: options[key] for key in ("first_name", "last_name", "title")}
            person = User.objects.create_user(options["email"], None, **names)
            flow.record_system("add_person", at, {"user": person, "email": person.email}, by=BY)
        if options["role"]:
            role = Role(options["role"])
            where = self._where(role, options["namnd"])
            roles.give(person, role, where, at=at)
            told = {"user": person, "role": role} | ({"namnd": where} if where else {})
            flow.record_system("give_role", at, told, by=BY)
        self.stdout.write(f"{person} ({person.email})")

    def _where(self, role: Role, code: str) -> Namnd | None:
        if role in EVERYWHERE:
            return None
        board = Namnd.objects.filter(code=code).first()
        if board is None:
            codes = ", ".join(Namnd.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"Rollen {role} innehas i en nämnd. Ange --namnd med någon av {codes}.")
        return board
