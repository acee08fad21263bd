"""The council's acts: it assesses and advises; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import criteria, documents, formatting, funds
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Document, Event, User
from fundportal.process import Step
from reviews.actions.opinion import opinion
from reviews.models import (
    EXTREMES,
    HIGHEST,
    LOWEST,
    Assessment,
    AssessmentDraft,
    AssessmentScore,
    Before,
    Condition,
    ConditionMet,
    CouncilQuestion,
    Manner,
    Reservation,
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
    among = criteria.of(case.round)
    if faults := _faults(scoring, among):
        raise Refused(*faults)
    assessment = Assessment.objects.create(
        case=case,
        document=idea,
        content_sha256=idea.content_sha256,
        by=by,
        event=event,
        at=event.at,
        comment=scoring.comment,
        salt=scoring.salt,
        seal=scoring.seal,
        turn=case.javs.filter(user=by).exclude(withdrawal=None).count(),
    )
    AssessmentScore.objects.bulk_create(
        AssessmentScore(
            assessment=assessment,
            criterion=criterion.code,
            score=scoring.scores[criterion.code],
            reason=scoring.reasons.get(criterion.code, ""),
        )
        for criterion in among
    )
    AssessmentDraft.objects.filter(case=case, by=by).delete()


def _faults(scoring: Scoring, among: Sequence[criteria.Criterion]) -> list[str]:
    """What is wrong with a scoring, in words."""
    faults = [] if scoring.comment.strip() else [_("Skriv en samlad kommentar.")]
    for criterion in among:
        score = scoring.scores.get(criterion.code)
        if score is None or not LOWEST <= score <= HIGHEST:
            faults.append(_("%(criterion)s: ge 0, 1, 2 eller 3 poäng.") % {"criterion": criterion.label})
        elif score in EXTREMES and not scoring.reasons.get(criterion.code, "").strip():
            faults.append(
                _("%(criterion)s: motivera varför du ger %(score)d poäng.")
                % {"criterion": criterion.label, "score": score}
            )
    return faults


def where_the_verdict_leads(case: Case, given: dict[str, Any]) -> Step:
    """To the director with advice; back to the applicant when the council sends the idea back."""
    return Step.IDEA if given.get("verdict") == Verdict.RETURNED else Step.IDEA_DECISION


@action(leads_to=where_the_verdict_leads)
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
    manner: str = Manner.MEETING,
    reservations: Sequence[dict[str, Any]] = (),
    questions: Sequence[str] = (),
    last_day: date | None = None,
) -> None:
    """What the council came to, at a meeting or per capsulam. It advises; the director decides.

    A council that sends the idea back (återremitterar) asks the applicant `questions`, to be answered by `last_day`.

    A condition's row may say `before` which act it must be met; else before the application is handed in.
    """
    case = cast(Case, event.case)
    there = list(present)
    counting = Assessment.objects.counting(case)
    among = criteria.of(case.round)
    counted = tallies(counting, among)
    faults = [
        *_meeting_faults(case, event, meeting_on, there, manner),
        *_verdict_faults(verdict, reasons, failed, conditions, meeting_on),
        *_reservation_faults(there, reservations),
        *_gate_faults(verdict, gate_reasons, counted),
        *_return_faults(verdict, questions, last_day, timezone.localdate(event.at)),
    ]
    if faults:
        raise Refused(*faults)
    standpoint = Standpoint.objects.create(
        case=case,
        document=cast(Document, idea_of(case)),
        event=event,
        verdict=verdict,
        manner=manner,
        meeting_on=meeting_on,
        reasons=reasons,
        deviation=gate_reasons,
        failed=[criterion.code for criterion in among if criterion.code in failed],
    )
    standpoint.present.set(there)
    Condition.objects.bulk_create(
        Condition(
            standpoint=standpoint,
            text=row["text"],
            due_on=row["due_on"],
            before=row.get("before") or Before.APPLICATION,
        )
        for row in conditions
    )
    Reservation.objects.bulk_create(
        Reservation(standpoint=standpoint, by=row["member"], text=row["text"]) for row in reservations
    )
    if verdict == Verdict.RETURNED:
        _ask(event, questions, last_day)
    content = opinion(standpoint, there, counted, list(counting.select_related("by")))
    documents.freeze(event, "council_opinion", _("Rådets ställningstagande: %s") % case.title, content)


def _reservation_faults(present: list[User], reservations: Sequence[dict[str, Any]]) -> list[str]:
    """Only those who took part reserve themselves."""
    there = {user.pk for user in present}
    return [
        _("%(who)s deltog inte och kan inte reservera sig.") % {"who": row["member"]}
        for row in reservations
        if row["member"].pk not in there
    ]


def _meeting_faults(case: Case, event: Event, meeting_on: date, present: list[User], manner: str) -> list[str]:
    """The council has met since the idea came to it (or agreed in writing), with enough members without jäv.

    Per capsulam everyone who takes part has given her assessment: there is no meeting where she could speak.
    """
    faults = [] if manner in Manner.values else [_("Ange om rådet sammanträdde eller beslutade per capsulam.")]
    if manner == Manner.CAPSULAM:
        given = set(Assessment.objects.counting(case).values_list("by", flat=True))
        faults += [
            _("%(who)s har inte lämnat sin bedömning och kan inte delta per capsulam.") % {"who": user}
            for user in present
            if user.pk not in given
        ]
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
    barred = set(case.javs.standing().values_list("user_id", flat=True))
    faults += [_("%(who)s är inte ledamot i rådet.") % {"who": user} for user in present if user.pk not in members]
    faults += [_("%(who)s har anmält jäv och kan inte delta.") % {"who": user} for user in present if user.pk in barred]
    if len(present) < funds.rules_of(case).council_quorum:
        faults.append(
            _("Rådet är beslutfört med %(wanted)d ledamöter utan jäv. Du har angett %(given)d närvarande.")
            % {"wanted": funds.rules_of(case).council_quorum, "given": len(present)}
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
    if not broken or verdict in (Verdict.OPPOSED, Verdict.RETURNED) or gate_reasons.strip():
        return []
    return [
        _("Ledamöternas poäng visar att %(gates)s inte uppfylls. Motivera avvikelsen eller avstyrk.")
        % {"gates": formatting.in_words(broken)}
    ]


@action
def fulfil_condition(
    event: Event, *, condition: Condition, met_on: date, met_by: str, proof: str, attachments: Any = ()
) -> None:
    """An officer notes that one of the council's conditions is met, by whom and what shows it."""
    case = cast(Case, event.case)
    if not Condition.objects.of(case).unmet().filter(pk=condition.pk).exists():
        raise Refused(_("Villkoret väntar inte på att uppfyllas."))
    if met_on > timezone.localdate(event.at):
        raise Refused(_("Villkoret kan inte vara uppfyllt en dag som ännu inte varit."), field="met_on")
    ConditionMet.objects.create(condition=condition, event=event, met_on=met_on, met_by=met_by, proof=proof)


def _return_faults(verdict: str, questions: Sequence[str], last_day: date | None, today: date) -> list[str]:
    """What an idea that is sent back goes with, and no other."""
    asked = any(question.strip() for question in questions)
    if verdict != Verdict.RETURNED:
        told = _("Frågor ställs bara när rådet återremitterar. Ta bort dem eller ändra ställningstagandet.")
        return [told] if asked or last_day else []
    faults = [] if asked else [_("Skriv minst en fråga till sökanden.")]
    if last_day is None or last_day <= today:
        faults.append(_("Sista dagen måste ligga efter i dag, så att sökanden hinner svara."))
    return faults


def _ask(event: Event, questions: Sequence[str], last_day: date | None) -> None:
    """Put the council's questions to the applicant, to be answered by a day."""
    asked = [question.strip() for question in questions if question.strip()]
    CouncilQuestion.objects.bulk_create(CouncilQuestion(case=event.case, event=event, text=text) for text in asked)
    event.due_on = last_day


@action
def return_to_applicant(event: Event, *, questions: Sequence[str], last_day: date) -> None:
    """An officer sends the idea back before the council has taken a standpoint; it is assessed anew when it returns.

    What the council itself sends back is one of its standpoints: `conclude_council`.
    """
    if faults := _return_faults(Verdict.RETURNED, questions, last_day, timezone.localdate(event.at)):
        raise Refused(*faults)
    _ask(event, questions, last_day)
