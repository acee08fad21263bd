"""The paper that says what the council came to.

Everyone who sees the case may read it, the applicant too: it gives the criteria and the reasons, never who scored what.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fundportal import criteria, formatting
from fundportal.models import User
from reviews.models import Assessment, Before, Manner, Standpoint, Tally, Verdict


def opinion(
    standpoint: Standpoint, present: list[User], counted: list[Tally], assessments: list[Assessment]
) -> dict[str, Any]:
    """What was said, by whom, who had jäv, and the reasons by criterion without names or scores."""
    sections: list[dict[str, Any]] = [
        {"title": _("Ställningstagande"), "rows": _facts(standpoint, present)},
        {"title": _("Motivering"), "text": standpoint.reasons},
    ]
    if standpoint.deviation:
        sections.append({"title": _("Motivering till avvikelse från grindkriterier"), "text": standpoint.deviation})
    if asked := standpoint.event.data.get("questions"):
        sections.append({"title": _("Rådets frågor till sökanden"), "text": "\n".join(asked)})
    if conditions := [
        [row.text, formatting.day(row.due_on), str(Before(row.before).label)] for row in standpoint.conditions.all()
    ]:
        table = {"columns": [_("Villkor"), _("Sista dag"), _("Ska vara uppfyllt innan")], "rows": conditions}
        sections.append({"title": _("Villkor"), "table": table})
    if reservations := [[row.by.get_full_name(), row.text] for row in standpoint.reservations.select_related("by")]:
        table = {"columns": [_("Ledamot"), _("Reservation")], "rows": reservations}
        sections.append({"title": _("Reservationer"), "table": table})
    table = {
        "columns": [_("Kriterium"), _("Rådets bedömning"), _("Skäl som ledamöter har angett")],
        "rows": [[line.label, line.outcome, " ".join(line.reasons)] for line in by_criterion(standpoint, counted)],
    }
    sections.append({"title": _("Kriterierna"), "table": table})
    seals = [[row.by.get_full_name(), formatting.moment(row.at), row.seal[:16]] for row in assessments]
    table = {"columns": [_("Ledamot"), _("Lämnad"), _("Sigill")], "rows": seals}
    sections.append({"title": _("Lämnade bedömningar"), "table": table})
    lead = _("Rådets ställningstagande är ett råd. Stadsdirektören beslutar om idén.")
    if standpoint.verdict == Verdict.RETURNED:
        lead = _("Rådet har återremitterat idén med frågor. När den lämnas in igen bedömer rådet den på nytt.")
    return {"lead": lead, "sections": sections}


def _facts(standpoint: Standpoint, present: list[User]) -> list[list[str]]:
    javs = standpoint.case.javs.standing().select_related("user")
    met = standpoint.manner == Manner.MEETING
    rows = [
        [_("Sammanträde") if met else _("Per capsulam"), formatting.day(standpoint.meeting_on)],
        [
            _("Närvarande ledamöter") if met else _("Deltagande ledamöter"),
            formatting.in_words([user.get_full_name() for user in present]),
        ],
        [_("Anmält jäv"), formatting.in_words([jav.user.get_full_name() for jav in javs]) or _("Ingen")],
        [_("Ställningstagande"), str(Verdict(standpoint.verdict).label)],
        [_("Bedömd handling"), _("Idéskiss version %d") % standpoint.document.version],
        [_("Idéskissens kontrollsumma, början"), standpoint.document.content_sha256[:16]],
    ]
    if standpoint.failed:
        rows.append([_("Kriterier som inte uppfylls"), formatting.in_words(standpoint.failed_criteria)])
    return rows


class Line:
    """What the council found of one criterion, as everyone may read it."""

    def __init__(self, criterion: criteria.Criterion, outcome: str, reasons: list[str]) -> None:
        """`reasons` are the members' words, in an order that tells nothing of who wrote them."""
        self.criterion, self.outcome, self.reasons = criterion, outcome, reasons
        self.label = criterion.label


def by_criterion(standpoint: Standpoint, counted: list[Tally]) -> list[Line]:
    """Each criterion, whether it is met, and the reasons that members gave."""
    return [
        Line(
            tally.criterion,
            outcome(standpoint, tally),
            sorted({reason.strip() for _name, _score, reason in tally.reasons}),
        )
        for tally in counted
    ]


def outcome(standpoint: Standpoint, tally: Tally) -> str:
    """Whether a criterion is met: as the council said, and for a gate as the members found."""
    if tally.criterion.code in standpoint.failed:
        return _("Uppfylls inte")
    if tally.fails:
        return _("Grinden uppfylls inte, avvikelsen är motiverad")
    return _("Uppfylls")
