"""Finds where things stand in a running demo, so that tests name a page by what it is. Run beside the product."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from fundportal import flow, ledger, proof, queue
from fundportal.demo.people import PEOPLE
from fundportal.models import Case, Document, Event, Fund, User
from fundportal.process import Role, starts_at


def _acts() -> dict[str, dict[str, Any]]:
    """For each act that someone of the demo may do now: the page's address and the person's e-mail."""
    people = list(User.objects.filter(email__in=[person.email for person in PEOPLE]))
    seen = {it.pk: set(Case.objects.visible_to(it).values_list("pk", flat=True)) for it in people}
    found: dict[str, dict[str, Any]] = {}
    for case in Case.objects.select_related("fund", "round", "owner").order_by("pk"):
        for row in starts_at(case.step):
            if found.get(row.name, {}).get("ready"):
                continue
            able = (it for it in people if case.pk in seen[it.pk] and it.roles_in(case) & set(row.by) - {Role.AUDITOR})
            if who := next((it for it in able if flow.barred(row, case, it) is None), None):
                ready = not flow.missing(row, case, timezone.now())
                address = reverse(row.name, kwargs={"number": case.number})
                found[row.name] = {"address": address, "email": who.email, "ready": ready}
    return found


def _fund() -> dict[str, Any]:
    """What the first fund has, what the nightly proof found in each, and whether anything is done in the future."""
    first, *others = Fund.objects.order_by("pk")
    proofs = [proof.newest(each) for each in (first, *others)]
    position = ledger.position(first)
    return {
        "statuses": [each.status for each in (first, *others)],
        "differences": [each.differences for each in proofs if each],
        "locked_until": ledger.locked_until(first),
        **{name: int(getattr(position, name)) for name in ("reserved", "booked", "available", "earmarked")},
        "events_to_come": Event.objects.filter(at__gt=timezone.now()).count(),
    }


def places() -> dict[str, Any]:
    """Numbers of cases by step, who may do each act and where, and a few more addresses."""
    steps: dict[str, list[str]] = {}
    for number, step in Case.objects.order_by("pk").values_list("number", "step"):
        steps.setdefault(step, []).append(number)
    writers = {
        case.step: [case.number, writer.email]
        for case in Case.objects.filter(step__in=queue.WITH_APPLICANT).order_by("-pk")
        for writer in User.objects.filter(events__case=case, events__action="create_idea")
    }
    papers = {
        kind: [number, pk]
        for kind, number, pk in Document.objects.exclude(case=None).values_list("kind", "case__number", "pk")
    }
    titles = dict(Case.objects.values_list("number", "title"))
    return {
        "steps": steps,
        "acts": _acts(),
        "writers": writers,
        "papers": papers,
        "titles": titles,
        "fund": _fund(),
    }
