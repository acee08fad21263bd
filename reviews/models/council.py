"""What the council said of an idea: each member's sealed assessment, and the standpoint they reached together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import mean, median
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from fundportal import criteria, formatting, funds
from fundportal.canonical import canonical
from fundportal.criteria import CRITERIA, Criterion
from fundportal.models import Case, Document, Event, Jav, User
from fundportal.process import Role

LOWEST, HIGHEST = 0, 3
EXTREMES = (LOWEST, HIGHEST)
"""The scores that need a reason."""


@dataclass(frozen=True)
class Scoring:
    """A member's scores by criterion, the reasons for some of them, and a comment on the whole.

    In the event it stands only as its seal, so that the history gives no member's scores away before the others have
    given theirs; the auditor can check the rows against the seal afterwards.
    """

    scores: Mapping[str, int]
    reasons: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    salt: str = ""
    """What nobody can guess, so that the seal does not give the scores away to one who tries them all."""

    @property
    def seal(self) -> str:
        """The hash of everything in it."""
        content = {"scores": dict(self.scores), "reasons": dict(self.reasons), "comment": self.comment}
        if self.salt:
            content["salt"] = self.salt
        return hashlib.sha256(canonical(content).encode()).hexdigest()

    def __str__(self) -> str:
        return f"sha256:{self.seal}"


def idea_of(case: Case) -> Document | None:
    """The idea as it was last handed in: what the council assesses."""
    return case.documents.filter(kind="idea").order_by("-version").first()


def quorum(case: Case) -> int:
    """How many members without jäv must take part, by the rules of the case's round."""
    return funds.rules_of(case).council_quorum


def council_members() -> list[User]:
    """Everyone who sits on the council now, by name as Swedish sorts it."""
    people = User.objects.filter(
        is_active=True, is_superuser=False, groups__permissions__codename=f"act_as_{Role.COUNCIL}"
    ).distinct()
    return sorted(people, key=lambda user: formatting.sort_key(f"{user.last_name} {user.first_name}"))


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments, by which count and who may read them."""

    def valid(self) -> AssessmentQuerySet:
        """Those that are not void: a jäv voids what its person had said in the case, also when it is withdrawn."""
        declared = Jav.objects.filter(case=OuterRef("case"), user=OuterRef("by"))
        return self.filter(~Exists(declared.filter(Q(withdrawal=None) | Q(event__no__gt=OuterRef("event__no")))))

    def counting(self, case: Case) -> AssessmentQuerySet:
        """Those that count: of the idea as it stands now, and not void."""
        return self.valid().filter(case=case, document=idea_of(case))

    def readable_by(self, user: User, case: Case) -> AssessmentQuerySet:
        """Those that `user` may read; none of them to one with jäv.

        A member of the council sees the others' when her own of the same idea is in. The officer who keeps the minutes
        sees all, unless she too has a seat. The other central roles see them when the council has concluded; everyone
        else reads its opinion.
        """
        everywhere, here = user.grants.everywhere, self.filter(case=case)
        if case.javs.standing().filter(user=user).exists():
            return self.none()
        if Role.OFFICER in everywhere and Role.COUNCIL not in everywhere:
            return here
        if not everywhere:
            return self.none()
        concluded = Q(document__in=Standpoint.objects.filter(case=case).values("document"))
        taken_part = Q(document__in=Assessment.objects.valid().filter(case=case, by=user).values("document"))
        return here.filter(concluded | taken_part)


class Assessment(models.Model):
    """One member's view of one version of an idea. Given once, never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    document = models.ForeignKey(Document, models.PROTECT, related_name="assessments")
    content_sha256 = models.CharField(_("idéskissens kontrollsumma"), max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="assessments")
    event = models.OneToOneField(Event, models.PROTECT, related_name="assessment")
    at = models.DateTimeField(_("när"))
    comment = models.TextField(_("samlad kommentar"))
    salt = models.CharField(max_length=64, blank=True)
    seal = models.CharField(_("sigill"), max_length=64)
    turn = models.PositiveSmallIntegerField(_("vilken i ordningen"), default=0)
    """How many of her jäv in the case had been withdrawn when she gave it: then she assesses anew."""

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "by", "turn"], name="assessment_once_by_each"),
        ]
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.by}: {self.case}"


class AssessmentDraft(models.Model):
    """What a member has typed and not yet given. Hers alone."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessment_drafts")
    by = models.ForeignKey(User, models.PROTECT, related_name="assessment_drafts")
    typed = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "by"], name="assessment_draft_once")]

    def __str__(self) -> str:
        return f"{self.by}: {self.case}"


class AssessmentScore(models.Model):
    """The score of one criterion."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores")
    criterion = models.CharField(_("kriterium"), max_length=3)
    score = models.PositiveSmallIntegerField(_("poäng"))
    reason = models.TextField(_("motivering"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once_by_criterion"),
            models.CheckConstraint(condition=Q(score__range=EXTREMES), name="score_from_0_to_3"),
            models.CheckConstraint(condition=~Q(score__in=EXTREMES) | ~Q(reason=""), name="score_0_and_3_have_reasons"),
            models.CheckConstraint(
                condition=Q(criterion__regex=r"^K([1-9]|1[0-2])$"), name="score_of_a_known_criterion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.score}"


@dataclass(frozen=True)
class Tally:
    """What the members together think of one criterion."""

    criterion: Criterion
    scores: list[int]
    reasons: list[tuple[str, int, str]]
    """(name, score, reason) of those who gave a reason."""

    @property
    def mean(self) -> float | None:
        """The mean, if anyone has scored."""
        return mean(self.scores) if self.scores else None

    @property
    def spread(self) -> str:
        """The lowest and the highest score: 1–3."""
        low, high = (min(self.scores), max(self.scores)) if self.scores else (None, None)
        return formatting.NOTHING if low is None else f"{low}" if low == high else f"{low}–{high}"

    @property
    def chart(self) -> SafeString:
        """The range of the scores from 0 to 3 as a line, with a dot at the mean; the figures stand beside it."""
        if not self.scores:
            return SafeString()
        left, right, middle = (10 + 40 * at for at in (min(self.scores), max(self.scores), mean(self.scores)))
        return format_html(
            '<svg class="fp-spread" viewBox="0 0 140 24" aria-hidden="true" focusable="false">'
            '<line x1="10" y1="12" x2="130" y2="12"/><line x1="10" y1="7" x2="10" y2="17"/>'
            '<line x1="50" y1="7" x2="50" y2="17"/><line x1="90" y1="7" x2="90" y2="17"/>'
            '<line x1="130" y1="7" x2="130" y2="17"/><rect x="{}" y="9" width="{}" height="6" rx="3"/>'
            '<circle cx="{}" cy="12" r="6"/></svg>',
            f"{left - 3:.0f}",
            f"{right - left + 6:.0f}",
            f"{middle:.1f}",
        )

    @property
    def disagrees(self) -> bool:
        """Whether the members are two steps apart or more: worth talking about."""
        return bool(self.scores) and max(self.scores) - min(self.scores) > 1

    @property
    def fails(self) -> bool:
        """Whether a gate criterion is not met: half of the members or more give it nothing."""
        return self.criterion.gate and bool(self.scores) and median(self.scores) == LOWEST


def tallies(assessments: models.QuerySet[Assessment], among: Iterable[Criterion] = CRITERIA) -> list[Tally]:
    """The scores of some assessments by criterion, in the criteria's order; two questions however many they are."""
    rows = list(
        AssessmentScore.objects.filter(assessment__in=assessments)
        .select_related("assessment__by")
        .order_by("assessment__at", "assessment_id")
    )
    return [
        Tally(
            criterion,
            [row.score for row in rows if row.criterion == criterion.code],
            [
                (row.assessment.by.get_full_name(), row.score, row.reason)
                for row in rows
                if row.criterion == criterion.code and row.reason
            ],
        )
        for criterion in among
    ]


class Verdict(models.TextChoices):
    """What the council advises. It cannot decide: that is for the director."""

    ENDORSED = "endorsed", _("Tillstyrker")
    CONDITIONAL = "conditional", _("Tillstyrker med villkor")
    RETURNED = "returned", _("Återremitterar")
    OPPOSED = "opposed", _("Avstyrker")


class Manner(models.TextChoices):
    """How the council came to its standpoint."""

    MEETING = "meeting", _("Vid sammanträde")
    CAPSULAM = "capsulam", _("Per capsulam")


class Standpoint(models.Model):
    """The council's standpoint on an idea, from a meeting."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="standpoints")
    document = models.ForeignKey(Document, models.PROTECT, related_name="standpoints")
    event = models.OneToOneField(Event, models.PROTECT, related_name="standpoint")
    verdict = models.CharField(_("ställningstagande"), max_length=12, choices=Verdict)
    manner = models.CharField(_("form"), max_length=12, choices=Manner, default=Manner.MEETING)
    meeting_on = models.DateField(_("sammanträde"))
    present = models.ManyToManyField(User, related_name="+")
    reasons = models.TextField(_("motivering"))
    deviation = models.TextField(_("motivering till avvikelse"), blank=True)
    failed = ArrayField(models.CharField(max_length=3), verbose_name=_("kriterier som inte uppfylls"), default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.OPPOSED) | ~Q(failed=[]), name="standpoint_opposed_names_criteria"
            ),
        ]
        ordering: ClassVar = ["meeting_on", "id"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.case}"

    @property
    def failed_criteria(self) -> list[str]:
        """The criteria that the idea does not meet, by code and text."""
        return criteria.named(self.failed, criteria.of(self.case.round))


class Reservation(models.Model):
    """A member who reserved herself against the standpoint, in her own words."""

    standpoint = models.ForeignKey(Standpoint, models.PROTECT, related_name="reservations")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(_("reservation"))

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:60]}"


class Before(models.TextChoices):
    """What a condition stops until it is met."""

    APPLICATION = "application", _("ansökan lämnas in")
    DECISION = "decision", _("beslutet signeras")
    START = "start", _("medel rekvireras")


class ConditionQuerySet(models.QuerySet["Condition"]):
    """The council's conditions."""

    def of(self, case: Case) -> ConditionQuerySet:
        """Those of the case's latest standpoint: an idea that was judged anew has the new one's only."""
        latest = Standpoint.objects.filter(case=case).order_by("-id").values("pk")[:1]
        return self.filter(standpoint__in=latest)

    def told(self) -> ConditionQuerySet:
        """With what shows that they are met."""
        return self.select_related("met")

    def unmet(self) -> ConditionQuerySet:
        """Those that nobody has shown to be met."""
        return self.filter(met=None)


class Condition(models.Model):
    """Something the council asks for, with the last day it must be met."""

    standpoint = models.ForeignKey(Standpoint, models.PROTECT, related_name="conditions")
    text = models.TextField(_("villkor"))
    due_on = models.DateField(_("sista dag"))
    before = models.CharField(_("ska vara uppfyllt innan"), max_length=12, choices=Before, default=Before.APPLICATION)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_met(self) -> bool:
        """Whether someone has shown that it is met."""
        return hasattr(self, "met")


class ConditionMet(models.Model):
    """That a condition is met: by whom, when, and what shows it. Its files hang on the event."""

    condition = models.OneToOneField(Condition, models.PROTECT, related_name="met")
    event = models.OneToOneField(Event, models.PROTECT, related_name="condition_met")
    met_on = models.DateField(_("uppfyllt"))
    met_by = models.CharField(_("av"), max_length=120)
    proof = models.TextField(_("vad som visar det"))

    def __str__(self) -> str:
        return str(self.condition)


class QuestionQuerySet(models.QuerySet["CouncilQuestion"]):
    """The council's questions."""

    def asked_last(self) -> QuestionQuerySet:
        """Those of the latest time the idea was sent back, until it is handed in again (call it on one case's)."""
        handed_in = Event.objects.filter(case=OuterRef("case"), action="submit_idea", no__gt=OuterRef("event__no"))
        return self.filter(~Exists(handed_in), event=self.order_by("-event__no").values("event")[:1])


class CouncilQuestion(models.Model):
    """A question of the council's that the applicant is to answer in the idea before it comes back."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="council_questions")
    event = models.ForeignKey(Event, models.PROTECT, related_name="council_questions")
    text = models.TextField(_("fråga"))

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text[:60]
