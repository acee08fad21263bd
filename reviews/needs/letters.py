"""Letters to bodies outside the city: they have no account, so each carries what they need, and their way in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from fundportal.models import Event, Letter
from fundportal.notices import NO_LONGER_NEWS, tidy
from reviews.models import RemissBody, RemissLink


def outside(
    body: RemissBody, kind: str, key: str, at: datetime, *, link: RemissLink | None = None, **context: Any
) -> Letter:
    """A letter to an outside body by the template of its kind (templates/reviews/mail).

    It is about the remiss and says nothing of the case but its title.
    """
    case = body.remiss.case
    text = render_to_string(
        f"reviews/mail/{kind}.txt",
        {
            "body": body,
            "title": case.title,
            "fund": case.fund,
            "sent_on": body.remiss.sent_on,
            "link": link,
            "officer": case.officer or body.remiss.event.by,
            "contact": settings.CONTACT_EMAIL,
            "at": at,
            **context,
        },
    )
    subject, _sep, rest = text.strip().partition("\n")
    return Letter(
        key=key,
        address=body.email,
        fill=f"remiss_link {link.pk}" if link else "",
        case=case,
        subject=" ".join(subject.split())[:200],
        body=tidy(rest),
        by_mail=timezone.now() - at < NO_LONGER_NEWS,
        created_at=at,
    )


def write(event: Event, bodies: list[RemissBody], kind: str, *, links: bool = False, **context: Any) -> None:
    """Write to those of the bodies that have an address, because of an act; with a new way in each if `links`."""
    Letter.objects.bulk_create(
        outside(
            *(body, kind, f"event/{event.pk}/instans/{body.pk}", event.at),
            link=RemissLink.issue(body, event.at) if links else None,
            **context,
        )
        for body in bodies
        if body.namnd_id is None and body.email
    )
