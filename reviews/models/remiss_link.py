"""The way in for a body outside the city: a link to one remiss and nothing else. And what a body has typed so far."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from fundportal.models import User
from fundportal.process import Step
from reviews.models.remiss import RemissBody

LASTS = timedelta(days=14)
"""How long after the last day a link still lets its body in: late answers are marked, not lost."""
SALT = "reviews.remiss_link"


class LinkQuerySet(models.QuerySet["RemissLink"]):
    """Ways in."""

    def of(self, token: str) -> RemissLink | None:
        """The link that a token belongs to, open or not."""
        kept = sha256(token.encode()).hexdigest()
        return self.select_related("body__namnd", "body__remiss__case", "body__remiss__event").filter(hash=kept).first()

    def standing(self) -> QuerySet[RemissLink]:
        """Those that nobody has barred."""
        return self.filter(barred_at=None)

    def unused(self) -> QuerySet[RemissLink]:
        """Those that stand and have let nobody in yet."""
        return self.filter(barred_at=None, used_at=None)


class RemissLink(models.Model):
    """A link that was mailed to a body. It is used once; then the browser that used it is let in for a while.

    The token is made from `seed` with the server's key each time it is needed, so that what stands here lets nobody in:
    only its hash is kept.
    """

    body = models.ForeignKey(RemissBody, models.PROTECT, related_name="links")
    seed = models.CharField(max_length=43)
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    until = models.DateField(_("gäller till och med"))
    used_at = models.DateTimeField(_("använd"), null=True)
    barred_at = models.DateTimeField(_("spärrad"), null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.body}, {self.made_at:%Y-%m-%d}"

    @classmethod
    def issue(cls, body: RemissBody, at: datetime) -> RemissLink:
        """A new way in for a body. The earlier ones that nobody has used lead nowhere from now on."""
        cls.objects.unused().filter(body=body).update(barred_at=at)
        link = cls(body=body, seed=secrets.token_urlsafe(32), made_at=at)
        link.until = max(body.last_day, timezone.localdate(at)) + LASTS
        link.hash = sha256(link.token.encode()).hexdigest()
        link.save(force_insert=True)
        return link

    @property
    def token(self) -> str:
        """What stands in the address that is mailed."""
        return salted_hmac(SALT, self.seed, algorithm="sha256").hexdigest()

    @property
    def lasts_until(self) -> date:
        """The last day it lets anybody in; more time to answer is more time for the link."""
        return max(self.until, self.body.last_day + LASTS)

    def lets_in(self, today: date) -> bool:
        """Whether its body may read and answer: the remiss stands, the case is prepared, there is time."""
        remiss = self.body.remiss
        return (
            self.barred_at is None
            and today <= self.lasts_until
            and remiss.withdrawal_id is None
            and remiss.case.step == Step.PREPARATION
        )


def remiss_way_in(key: str) -> str:
    """The whole address of a link, for the letter that is mailed."""
    link = RemissLink.objects.get(pk=int(key))
    return f"{settings.SITE_URL}{reverse('remiss_outside', kwargs={'token': link.token})}"


class DraftQuerySet(models.QuerySet["RemissDraft"]):
    """What is typed of answers. What is written through a link is read by no one with an account."""

    def by_link(self) -> QuerySet[RemissDraft]:
        """What whoever came by a link has typed."""
        return self.filter(saved_by=None)

    def in_portal(self) -> QuerySet[RemissDraft]:
        """What a board's people have typed, or the office for an answer that came by other ways."""
        return self.exclude(saved_by=None)


class RemissDraft(models.Model):
    """What a body has typed of its answer: saved valid or not, read by nobody else, gone when the answer is given."""

    body = models.ForeignKey(RemissBody, models.CASCADE, related_name="drafts")
    answers = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    """Who last changed each field, and when: as in the kernel's drafts."""
    saved_at = models.DateTimeField(_("sparat"))
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    """None: it was written through a link."""
    saved_by_name = models.CharField(max_length=200)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body"], condition=Q(saved_by__isnull=True), name="remiss_draft_by_link_once"
            ),
            models.UniqueConstraint(
                fields=["body"], condition=Q(saved_by__isnull=False), name="remiss_draft_in_portal_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.body)

    @property
    def who(self) -> str:
        """Who saved last, by name."""
        return self.saved_by_name
