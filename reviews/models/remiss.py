"""Remiss: who is asked about an application, until when, and what they answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fundportal.models import Case, Document, Event, Namnd, Upload, User
from fundportal.process import Role, Step

DAYS = 21
"""Shortest time to answer without a reason."""
JUSTERING = timedelta(days=8)
"""What it takes to have a board's minutes approved when it is not done at once."""


class Remiss(models.Model):
    """One sending of a case to bodies that are asked what they think. There may be several."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="remisser")
    event = models.OneToOneField(Event, models.PROTECT, related_name="remiss")
    letter = models.TextField(_("följebrev"))
    documents = models.ManyToManyField(Document, related_name="+")
    reason = models.TextField(_("skäl till kort svarstid"), blank=True)
    withdrawal = models.OneToOneField(Event, models.PROTECT, null=True, related_name="withdrawn_remiss")

    class Meta:
        verbose_name = _("remiss")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.case} ({timezone.localdate(self.event.at)})"

    @property
    def sent_on(self) -> date:
        """The day it was sent."""
        return timezone.localdate(self.event.at)


class RemissQuestion(models.Model):
    """One thing that the bodies are asked to answer by itself."""

    remiss = models.ForeignKey(Remiss, models.PROTECT, related_name="questions")
    no = models.PositiveSmallIntegerField(_("nummer"))
    text = models.CharField(_("fråga"), max_length=500)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["remiss", "no"], name="remiss_question_once")]
        ordering: ClassVar = ["no"]

    def __str__(self) -> str:
        return f"{self.no}. {self.text}"


class BodyState(models.TextChoices):
    """How far a body has come; never stored."""

    SENT = "sent", _("Utsänd per brev")
    NOT_OPENED = "not_opened", _("Ej öppnad")
    OPENED = "opened", _("Öppnad")
    REMINDED = "reminded", _("Påmind")
    ANSWERED = "answered", _("Besvarad")
    LATE = "late", _("Besvarad efter sista dag")
    SILENT = "silent", _("Har inte inkommit med svar")
    WITHDRAWN = "withdrawn", _("Återkallad")


COLORS = {
    BodyState.ANSWERED: "success",
    BodyState.LATE: "warning",
    BodyState.SILENT: "danger",
    BodyState.OPENED: "info",
    BodyState.REMINDED: "info",
}


class BodyQuerySet(models.QuerySet["RemissBody"]):
    """Bodies that have been asked, by whether they have answered."""

    def asked(self, case: Case) -> BodyQuerySet:
        """Everyone asked about the case, in remisser that have not been withdrawn."""
        return (
            self.filter(remiss__case=case, remiss__withdrawal=None)
            .select_related("namnd", "answer", "remiss__event")
            .order_by("remiss_id", "id")
        )

    def unanswered(self) -> BodyQuerySet:
        """Those that have not answered, in time or not."""
        return self.filter(answer=None)

    def awaited(self, day: date) -> BodyQuerySet:
        """Those that have not answered and still have time to."""
        return self.unanswered().filter(last_day__gte=day)

    def answerable_by(self, user: User, case: Case) -> BodyQuerySet:
        """Those for which `user` may give the answer now: her own boards', and, for an officer, outside bodies'."""
        for_whom = Q(namnd__in=user.grants.namnder(Role.RESPONDENT))
        if Role.OFFICER in user.grants.everywhere:
            for_whom |= Q(namnd=None)
        return self.asked(case).unanswered().filter(for_whom)


class RemissBody(models.Model):
    """A body that is asked: a board, or an outside body by name. `last_day` moves when its time is extended."""

    remiss = models.ForeignKey(Remiss, models.PROTECT, related_name="bodies")
    namnd = models.ForeignKey(Namnd, models.PROTECT, null=True, related_name="remiss_bodies")
    name = models.CharField(_("namn"), max_length=120, blank=True)
    email = models.EmailField(_("e-post"), blank=True)
    last_day = models.DateField(_("svar senast"))
    meeting_on = models.DateField(_("nämndens sammanträde"), null=True)
    opened_at = models.DateTimeField(_("öppnad"), null=True)
    reminded_on = models.DateField(_("påmind"), null=True)
    more_time = models.TextField(_("skäl till anstånd"), blank=True)
    """Why the last day was moved for this body."""
    wants_until = models.DateField(_("begärt anstånd till"), null=True)
    wants_because = models.TextField(_("skäl till begäran"), blank=True)
    """Anstånd that the body has asked for and not been told of yet."""

    objects = BodyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(namnd__isnull=False, name="") | (Q(namnd__isnull=True) & ~Q(name="")),
                name="remiss_body_namnd_or_outside",
            ),
            models.UniqueConstraint(fields=["remiss", "namnd"], name="remiss_body_namnd_once"),
            models.UniqueConstraint(fields=["remiss", "name"], condition=~Q(name=""), name="remiss_body_name_once"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name or str(self.namnd)

    @property
    def given(self) -> RemissAnswer | None:
        """The answer, if there is one."""
        return getattr(self, "answer", None)

    @property
    def hurries(self) -> bool:
        """Whether the board must have its paragraph approved at once to answer in time (omedelbar justering)."""
        return self.meeting_on is not None and self.meeting_on + JUSTERING > self.last_day

    @property
    def state(self) -> BodyState:
        """How far the body has come today."""
        if self.given is not None:
            return BodyState.LATE if self.given.late else BodyState.ANSWERED
        if self.remiss.withdrawal_id is not None:
            return BodyState.WITHDRAWN
        if self.last_day < timezone.localdate() or self.remiss.case.step != Step.PREPARATION:
            return BodyState.SILENT
        if self.namnd_id is None and not self.email:
            return BodyState.SENT
        if self.reminded_on:
            return BodyState.REMINDED
        return BodyState.OPENED if self.opened_at else BodyState.NOT_OPENED

    @property
    def color(self) -> str:
        """The colour of the state's tag."""
        return COLORS.get(self.state, "neutral")


def silent(bodies: Iterable[RemissBody]) -> list[str]:
    """Which of these have not answered though the time has run out, by name."""
    return [str(body) for body in bodies if body.state == BodyState.SILENT]


def awaited(bodies: Iterable[RemissBody]) -> list[RemissBody]:
    """Which of these still have time to answer."""
    still = (BodyState.SENT, BodyState.NOT_OPENED, BodyState.OPENED, BodyState.REMINDED)
    return [body for body in bodies if body.state in still]


class AnswerForm(models.TextChoices):
    """In what form a body answers."""

    BOARD = "board", _("Nämndbeslut")
    DELEGATED = "delegated", _("Yttrande på delegation")
    OFFICE = "office", _("Kontorsyttrande")
    ABSTAINS = "abstains", _("Avstår från att yttra sig")


class AnswerStandpoint(models.TextChoices):
    """What the body thinks."""

    ENDORSES = "endorses", _("Tillstyrker")
    COMMENTS = "comments", _("Tillstyrker med synpunkter")
    DOUBTS = "doubts", _("Tveksam")
    OPPOSES = "opposes", _("Avstyrker")
    NONE = "none", _("Tar inte ställning")


class RemissAnswer(models.Model):
    """A body's answer, as it came. Never changed."""

    body = models.OneToOneField(RemissBody, models.PROTECT, related_name="answer")
    event = models.OneToOneField(Event, models.PROTECT, related_name="remiss_answer")
    form = models.CharField(_("svarsform"), max_length=10, choices=AnswerForm)
    standpoint = models.CharField(_("ståndpunkt"), max_length=10, choices=AnswerStandpoint)
    comments = models.TextField(_("synpunkter"), blank=True)
    meeting_on = models.DateField(_("sammanträde"), null=True)
    paragraph = models.CharField(_("paragraf"), max_length=20, blank=True)
    immediate = models.BooleanField(_("omedelbart justerad"), default=False)
    reservation = models.TextField(_("reservation eller särskilt uttalande"), blank=True)
    reservation_files = models.ManyToManyField(Upload, related_name="+")
    received_on = models.DateField(_("inkom"))
    late = models.BooleanField(_("inkom efter sista dag"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(form=AnswerForm.BOARD) | (Q(meeting_on__isnull=False) & ~Q(paragraph="")),
                name="remiss_answer_of_board_has_paragraph",
            ),
            models.CheckConstraint(
                condition=~Q(form=AnswerForm.ABSTAINS) | Q(standpoint=AnswerStandpoint.NONE),
                name="remiss_answer_abstains_without_standpoint",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.get_standpoint_display()}"


class RemissComment(models.Model):
    """What an answer says to one of the questions. Never changed."""

    answer = models.ForeignKey(RemissAnswer, models.PROTECT, related_name="by_question")
    question = models.ForeignKey(RemissQuestion, models.PROTECT, related_name="comments")
    text = models.TextField(_("synpunkter"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "question"], name="remiss_comment_once")]
        ordering: ClassVar = ["question__no"]

    def __str__(self) -> str:
        return f"{self.answer.body}, {self.question.no}"


def respondents_of(namnd_ids: Iterable[int]) -> QuerySet[User]:
    """The active people who answer remisser for any of these boards."""
    codename, boards = f"act_as_{Role.RESPONDENT}", list(namnd_ids)
    alone = Q(namndusergrant__permission__codename=codename, namndusergrant__content_object__in=boards)
    in_group = Q(
        groups__namndgroupgrant__permission__codename=codename, groups__namndgroupgrant__content_object__in=boards
    )
    return User.objects.filter(alone | in_group, is_active=True, is_superuser=False).distinct()


def remisser_of(case: Case) -> list[Remiss]:
    """Every remiss of a case with its bodies, answers and papers, in a few questions however many they are."""
    bodies = RemissBody.objects.select_related("namnd", "answer__event", "remiss__event", "remiss__case")
    found = Remiss.objects.filter(case=case).select_related("case", "event", "withdrawal")
    return list(
        found.prefetch_related(
            Prefetch("bodies", bodies),
            "documents",
            "questions",
            "bodies__answer__by_question",
            "bodies__answer__reservation_files",
            "bodies__answer__event__documents",
            "bodies__answer__event__uploads",
        )
    )
