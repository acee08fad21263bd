"""What the particulars of acts are called in Swedish: the labels of the history and the exports. A test knows every act's."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fundportal.process import Outcome

PEOPLE = {"officer", "chair", "members", "member", "user", "person", "people"}
"""Names of particulars that are ids of people."""
NAMNDER = {"namnd", "namnder", "from_namnd", "to_namnd", "partner", "owner", "successor"}
"""Names of particulars that are ids of boards."""
HIDDEN = {"signed_sha256", "round", "files", "attachments", "case", "document", "key"}
"""Particulars that say nothing to a reader: hashes, and ids of things that are listed beside."""
QUOTED = ("reason", "reasons", "motivation", "questions", "text", "opinion", "comment", "message", "summary", "note")
"""Particulars that are someone's own words; the first of them is shown in the timeline."""
MONEY = {
    *("amount", "requested", "granted", "approved", "total", "saving", "surplus", "deviation", "repaid", "remaining"),
    *("handed_back", "released", "cofinancing", "spent", "forecast", "planned", "limit", "exempted", "difference"),
}
"""Particulars in kronor."""
CHOICES: dict[str, Mapping[str, StrOrPromise]] = {
    "outcome": dict(Outcome.choices),
}
LABELS: dict[str, StrOrPromise] = {
    "amount": _("Belopp"),
    "approved": _("Godkänt"),
    "authority": _("Myndighet"),
    "bokslut_year": _("Bokslutsår"),
    "chair": _("Ordförande"),
    "comment": _("Kommentar"),
    "conditions": _("Villkor"),
    "decision": _("Beslut"),
    "delivered_on": _("Levererat till arkivet"),
    "dnr": _("Diarienummer"),
    "last_day": _("Sista dag"),
    "meeting_on": _("Sammanträde"),
    "members": _("Ledamöter"),
    "namnd": _("Nämnd"),
    "namnder": _("Nämnder"),
    "officer": _("Handläggare"),
    "outcome": _("Utfall"),
    "owner": _("Projektägare"),
    "paragraph": _("Paragraf"),
    "reason": _("Skäl"),
    "reasons": _("Skäl"),
    "requested": _("Sökt belopp"),
    "title": _("Ärendemening"),
    "use": _("Användning"),
    "weeded": _("Akten är rensad"),
    "year": _("År"),
}
