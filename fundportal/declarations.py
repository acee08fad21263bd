"""Who is to declare her interests each year, who has, and the letters that ask for it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from fundportal import notices
from fundportal.models import Declaration, Letter, User
from fundportal.models.people import PREFIX
from fundportal.process import Role

DECLARES = (Role.COUNCIL, Role.OFFICER, Role.DIRECTOR, Role.CONTROLLER)
"""Who declares her interests each year: those who prepare, advise or decide."""


def declaring() -> list[User]:
    """Everyone who is to declare, by name."""
    codes = [PREFIX + role for role in DECLARES]
    held = Q(groups__permissions__codename__in=codes)
    people = User.objects.filter(held, is_active=True, is_superuser=False).distinct()
    return list(people.order_by("last_name", "first_name"))


def latest(people: list[User], year: int) -> dict[int, Declaration]:
    """Each person's newest declaration of a year."""
    rows = Declaration.objects.filter(user__in=people, year=year).prefetch_related("interests__namnd").order_by("id")
    return {row.user_id: row for row in rows}


def remind(today: date | None = None) -> int:
    """Ask in January for the year's declaration, and once more in February. How many letters were written."""
    today = today or timezone.localdate()
    if today.month > 2:
        return 0
    people = declaring()
    done = latest(people, today.year)
    keys = {f"interests/{today.year}/{today.month}/{user.pk}": user for user in people if user.pk not in done}
    for known in Letter.objects.filter(key__in=keys).values_list("key", flat=True):
        keys.pop(known)
    letters = [_letter(key, user, today) for key, user in keys.items()]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    return len(letters)


def _letter(key: str, user: User, today: date) -> Letter:
    context = {"user": user, "year": today.year, "late": today.month > 1, "url": notices.absolute(reverse("interests"))}
    subject, _sep, body = render_to_string("mail/interests.txt", context).strip().partition("\n")
    return Letter(key=key, user=user, subject=subject.strip(), body=notices.tidy(body), created_at=timezone.now())
