"""The council's acts: it assesses and advises; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import criteria, documents, formatting
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Document, Event, User
from reviews.models import (
    EXTREMES,
    HIGHEST,
    LOWEST,
    Assessment,
    AssessmentScore,
    Condition,
    CouncilQuestion,
    Scoring,
    Standpoint,
    Tally,
    Verdict,
    council_members,
    idea_of,
    tallies,
)

LEAST_REASONS = 200


@action
def assess(event: Event, *, scoring: Scoring) -> None:
    """A member scores the idea as it was handed in, and what she said is sealed in the history."""
    case, by = cast(Case, event.case), cast(User, event.by)
    idea = idea_of(case)
    if idea is None:
        raise Refused(_("Det finns ingen inlämnad idéskiss att bedöma."))
    if faults := _faults(scoring):
        raise Refused(*faults)
    assessment = Assessment.objects.create(
        case=case,
        document=idea,
        content_sha256=idea.content_sha256,
        by=by,
        event=event,
        at=event.at,
        comment=scoring.comment,
        seal=scoring.seal,
    )
    AssessmentScore.objects.bulk_create(
        AssessmentScore(
            assessment=assessment,
            criterion=criterion.code,
            score=scoring.scores[criterion.code],
            reason=scoring.reasons.get(criterion.code, ""),
        )
        for criterion in criteria.CRITERIA
    )


def _faults(scoring: Scoring) -> list[str]:
    """What is wrong with a scoring, in words."""
    faults = [] if scoring.comment.strip() else [_("Skriv en samlad kommentar.")]
    for criterion in criteria.CRITERIA:
        score = scoring.scores.get(criterion.code)
        if score is None or not LOWEST <= score <= HIGHEST:
            faults.append(_("%(criterion)s: ge 0, 1, 2 eller 3 poäng.") % {"criterion": criterion.label})
        elif score in EXTREMES and not scoring.reasons.get(criterion.code, "").strip():
            faults.append(
                _("%(criterion)s: motivera varför du ger %(score)d poäng.")
                % {"criterion": criterion.label, "score": score}
            )
    return faults


@action
def conclude_council(
    event: Event,
    *,
    meeting_on: date,
    present: Iterable[User],
    verdict: str,
    reasons: str,
    failed: Sequence[str] = (),
    gate_reasons: str = "",
    conditions: Sequence[dict[str, Any]] = (),
) -> None:
    """What the council came to at its meeting. It advises; the director decides."""
    case = cast(Case, event.case)
    there = list(present)
    counting = Assessment.objects.counting(case)
    counted = tallies(counting)
    faults = [
        *_meeting_faults(case, event, meeting_on, there),
        *_verdict_faults(verdict, reasons, failed, conditions, meeting_on),
        *_gate_faults(verdict, gate_reasons, counted),
    ]
    if faults:
        raise Refused(*faults)
    standpoint = Standpoint.objects.create(
        case=case,
        document=cast(Document, idea_of(case)),
        event=event,
        verdict=verdict,
        meeting_on=meeting_on,
        reasons=reasons,
        deviation=gate_reasons,
        failed=[criterion.code for criterion in criteria.CRITERIA if criterion.code in failed],
    )
    standpoint.present.set(there)
    Condition.objects.bulk_create(
        Condition(standpoint=standpoint, text=row["text"], due_on=row["due_on"]) for row in conditions
    )
    content = _opinion(standpoint, there, counted, list(counting.select_related("by")))
    documents.freeze(event, "council_opinion", _("Rådets ställningstagande: %s") % case.title, content)


def _meeting_faults(case: Case, event: Event, meeting_on: date, present: list[User]) -> list[str]:
    """The meeting has been held since the idea came to the council, by enough members without jäv."""
    faults = []
    if meeting_on > timezone.localdate(event.at):
        faults.append(
            _("Sammanträdesdagen ligger framåt i tiden. Registrera ställningstagandet när rådet har sammanträtt.")
        )
    if meeting_on < timezone.localdate(case.entered_at):
        faults.append(
            _("Rådet kan inte ha behandlat idén före %(day)s, då den sändes dit.")
            % {"day": formatting.day(case.entered_at)}
        )
    members = {user.pk for user in council_members()}
    barred = set(case.javs.values_list("user_id", flat=True))
    faults += [_("%(who)s är inte ledamot i rådet.") % {"who": user} for user in present if user.pk not in members]
    faults += [_("%(who)s har anmält jäv och kan inte delta.") % {"who": user} for user in present if user.pk in barred]
    if len(present) < case.fund.council_quorum:
        faults.append(
            _("Rådet är beslutfört med %(wanted)d ledamöter utan jäv. Du har angett %(given)d närvarande.")
            % {"wanted": case.fund.council_quorum, "given": len(present)}
        )
    return faults


def _verdict_faults(
    verdict: str, reasons: str, failed: Sequence[str], conditions: Sequence[dict[str, Any]], meeting_on: date
) -> list[str]:
    """What each verdict asks for."""
    faults = []
    if verdict not in Verdict.values:
        faults.append(_("Välj rådets ställningstagande."))
    if len(reasons.strip()) < LEAST_REASONS:
        faults.append(_("Motivera ställningstagandet med minst %(least)d tecken.") % {"least": LEAST_REASONS})
    if verdict == Verdict.OPPOSED and not failed:
        faults.append(_("Ange vilka kriterier idén inte uppfyller när rådet avstyrker."))
    if unknown := [code for code in failed if code not in criteria.BY_CODE]:
        faults.append(_("Okända kriterier: %s.") % formatting.in_words(unknown))
    if verdict == Verdict.CONDITIONAL and not conditions:
        faults.append(_("Ange minst ett villkor när rådet tillstyrker med villkor."))
    if verdict != Verdict.CONDITIONAL and conditions:
        faults.append(
            _("Villkor anges bara när rådet tillstyrker med villkor. Ta bort dem eller ändra ställningstagandet.")
        )
    if any(row["due_on"] < meeting_on for row in conditions):
        faults.append(_("Ett villkors sista dag kan inte ligga före sammanträdet."))
    return faults


def _gate_faults(verdict: str, gate_reasons: str, counted: list[Tally]) -> list[str]:
    """A gate that is not met must be explained by a council that supports the idea all the same."""
    broken = [tally.criterion.label for tally in counted if tally.fails]
    if not broken or verdict == Verdict.OPPOSED or gate_reasons.strip():
        return []
    return [
        _("Ledamöternas poäng visar att %(gates)s inte uppfylls. Motivera avvikelsen eller avstyrk.")
        % {"gates": formatting.in_words(broken)}
    ]


def _opinion(
    standpoint: Standpoint, present: list[User], counted: list[Tally], assessments: list[Assessment]
) -> dict[str, Any]:
    """The paper: what was said, by whom, and the scores it rests on."""
    javs = [jav.user.get_full_name() for jav in standpoint.case.javs.select_related("user")]
    rows = [
        [_("Sammanträde"), formatting.day(standpoint.meeting_on)],
        [_("Närvarande ledamöter"), formatting.in_words([user.get_full_name() for user in present])],
        [_("Anmält jäv"), formatting.in_words(javs) or _("Ingen")],
        [_("Ställningstagande"), str(Verdict(standpoint.verdict).label)],
        [_("Bedömd handling"), _("Idéskiss version %d") % standpoint.document.version],
        [_("Idéskissens kontrollsumma, början"), standpoint.document.content_sha256[:16]],
    ]
    if standpoint.failed:
        rows.append([_("Kriterier som inte uppfylls"), formatting.in_words(standpoint.failed_criteria)])
    sections: list[dict[str, Any]] = [
        {"title": _("Ställningstagande"), "rows": rows},
        {"title": _("Motivering"), "text": standpoint.reasons},
    ]
    if standpoint.deviation:
        sections.append({"title": _("Motivering till avvikelse från grindkriterier"), "text": standpoint.deviation})
    if conditions := [[row.text, formatting.day(row.due_on)] for row in standpoint.conditions.all()]:
        table = {"columns": [_("Villkor"), _("Sista dag")], "rows": conditions}
        sections.append({"title": _("Villkor"), "table": table})
    sections.append({"title": _("Poäng per kriterium"), "table": _score_table(counted)})
    if given := [
        [tally.criterion.code, name, str(score), reason] for tally in counted for name, score, reason in tally.reasons
    ]:
        table = {"columns": [_("Kriterium"), _("Ledamot"), _("Poäng"), _("Motivering")], "rows": given}
        sections.append({"title": _("Ledamöternas motiveringar"), "table": table})
    seals = [[row.by.get_full_name(), formatting.moment(row.at), row.comment, row.seal[:16]] for row in assessments]
    table = {"columns": [_("Ledamot"), _("Lämnad"), _("Samlad kommentar"), _("Sigill")], "rows": seals}
    sections.append({"title": _("Lämnade bedömningar"), "table": table})
    return {"lead": _("Rådets ställningstagande är ett råd. Stadsdirektören beslutar om idén."), "sections": sections}


def _score_table(counted: list[Tally]) -> dict[str, Any]:
    """Mean and spread of each criterion, and whether a gate is met."""
    return {
        "columns": [_("Kriterium"), _("Medelvärde"), _("Spridning"), _("Grind")],
        "rows": [
            [
                tally.criterion.label,
                formatting.number(tally.mean, 1),
                tally.spread,
                "" if not tally.criterion.gate else _("Uppfylls inte") if tally.fails else _("Uppfylls"),
            ]
            for tally in counted
        ],
    }


@action
def return_to_applicant(event: Event, *, questions: Sequence[str], last_day: date) -> None:
    """The council sends the idea back with its questions; when it is handed in again it is assessed anew."""
    case = cast(Case, event.case)
    asked = [question.strip() for question in questions if question.strip()]
    if not asked:
        raise Refused(_("Skriv minst en fråga till sökanden."))
    if last_day <= timezone.localdate(event.at):
        raise Refused(_("Sista dagen måste ligga efter i dag, så att sökanden hinner svara."))
    CouncilQuestion.objects.bulk_create(CouncilQuestion(case=case, event=event, text=text) for text in asked)
    event.due_on = last_day
