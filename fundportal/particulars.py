"""What the particulars of acts are called in Swedish: labels for the history and the exports."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.apps import apps
from django.db.models import Field
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fundportal.process import Outcome

PEOPLE = {"officer", "chair", "members", "member", "user", "person", "people", "substitute"}
"""Names of particulars that are ids of people."""
NAMNDER = {"namnd", "namnder", "from_namnd", "to_namnd", "partner", "owner", "successor"}
"""Names of particulars that are ids of boards."""
HIDDEN = {
    *("signed_sha256", "round", "files", "attachments", "case", "document", "key", "digest", "at"),
    *("report", "requisition", "row", "remiss", "change", "delegation", "version", "plan", "budget_row"),
    *("reconciliation", "words", "readers", "request", "women", "men", "children", "code"),
}
"""Particulars that say nothing to a reader, hashes and ids of things that are listed beside, and counts of people:
small ones point out persons, so they are read in the paper, where they are hidden."""
QUOTED = (
    *("correction", "reason", "reasons", "motivation", "questions", "text", "opinion"),
    *("comment", "message", "summary", "note"),
)
"""Particulars that are someone's own words; the first of them is shown in the timeline."""
MONEY = {
    *("amount", "requested", "granted", "approved", "total", "saving", "surplus", "deviation", "repaid", "remaining"),
    *("handed_back", "released", "cofinancing", "spent", "forecast", "planned", "limit", "exempted", "difference"),
    *("forecast_t1", "forecast_t2", "realised", "budget", "cost_level"),
    *("accounting", "available", "booked", "earmarked", "max_amount", "max_yearly", "new_amount"),
}
"""Particulars in kronor."""
CHOICES: dict[str, Mapping[str, StrOrPromise]] = {
    "outcome": dict(Outcome.choices),
}


@cache
def choices() -> Mapping[str, Mapping[str, StrOrPromise]]:
    """The labels of coded particulars: those above, and those of every model's field by the same name."""
    found: dict[str, dict[str, StrOrPromise]] = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.choices:
                found.setdefault(field.name, {}).update({str(value): label for value, label in field.flatchoices})
    for name, labels in CHOICES.items():
        found.setdefault(name, {}).update(labels)
    return found


LABELS: dict[str, StrOrPromise] = {
    "accepts": _("Tackar ja"),
    "stay": _("Ligger kvar på grund av jäv"),
    "is_jav": _("Jäv"),
    "interests": _("Bindningar"),
    "active_from": _("Första dag"),
    "adjusted_on": _("Justerat"),
    "adjusts": _("Budgeten ska justeras"),
    "adjusts_reason": _("Skäl till att budgeten justeras eller inte"),
    "again": _("Skulle göra om satsningen"),
    "again_why": _("Varför"),
    "approves": _("Bifall"),
    "area": _("Verksamhetsområde"),
    "areas": _("Verksamhetsområden"),
    "basis": _("Underlag"),
    "booked_on": _("Bokfört"),
    "budget": _("Budget"),
    "cause": _("Orsak"),
    "checks": _("Formella kontroller"),
    "correction": _("Vad som var fel"),
    "cost": _("Kostnad"),
    "cost_level": _("Varaktig kostnadsnivå"),
    "criteria": _("Kriterier"),
    "deviation_decision": _("Beslut om avvikelsen"),
    "due_on": _("Sista dag"),
    "economy": _("Ekonomi"),
    "effect": _("Effekt"),
    "email": _("E-postadress"),
    "explanation": _("Förklaring"),
    "finance": _("Finansiering"),
    "first_year": _("Första året"),
    "for_whom": _("För vem"),
    "forecast": _("Prognos"),
    "forecast_t1": _("Prognos T1"),
    "accepts_late": _("Handlingar tas emot efter sista dag"),
    "accounting": _("Redovisningens saldo"),
    "available": _("Disponibelt"),
    "booked": _("Bokfört saldo"),
    "capped": _("Tak vid det beviljade"),
    "council_quorum": _("Beslutförhet i rådet"),
    "day": _("Avsåg"),
    "discount_rate": _("Diskonteringsränta, procent"),
    "earmarked": _("Intecknat"),
    "entry": _("Rättad post"),
    "grant": _("Centralt beviljande nr"),
    "kind": _("Slag"),
    "max_amount": _("Högsta belopp för ett projekt"),
    "max_share": _("Högsta andel av kostnaden, procent"),
    "max_yearly": _("Högsta belopp per år"),
    "max_years": _("Längsta investeringsfas, år"),
    "min_evaluation_share": _("Minsta andel för uppföljning och utvärdering, procent"),
    "new_amount": _("Nytt belopp"),
    "price_year": _("Prisnivå"),
    "receiver": _("Mottagare"),
    "repayment_model": _("Återföring"),
    "repayment_share": _("Andel som återförs, procent"),
    "small_number": _("Tröskel för små tal"),
    "status": _("Läge"),
    "valid_from": _("Gäller från"),
    "forecast_t2": _("Prognos T2"),
    "from_namnd": _("Från nämnd"),
    "grounds": _("Grund"),
    "handed_back": _("Återlämnat"),
    "indicators": _("Indikatorer"),
    "copied_from": _("Kopierad från"),
    "late_reason": _("Skäl till att det kom in efter sista dag"),
    "lower_reason": _("Skäl till lägre belopp"),
    "lower_text": _("Motivering till lägre belopp"),
    "measure": _("Åtgärd"),
    "measure_on": _("Åtgärden klar"),
    "measure_owner": _("Ansvarig för åtgärden"),
    "name": _("Namn"),
    "next_meeting_on": _("Nästa sammanträde"),
    "note": _("Anteckning"),
    "occasion": _("Tillfälle"),
    "opinion": _("Nämndens yttrande"),
    "opinion_text": _("Yttrandet"),
    "part": _("Del"),
    "parts": _("Delar att komplettera"),
    "pays": _("Betalas ut"),
    "period": _("Period"),
    "permanent": _("Varaktig"),
    "posted_on": _("Anslaget"),
    "purpose": _("Ändamål"),
    "question": _("Fråga"),
    "realised": _("Realiserad besparing"),
    "registered_on": _("Registrerat"),
    "repaid": _("Återfört"),
    "rows": _("Rader"),
    "scope": _("Omfattning"),
    "since": _("Sedan"),
    "short": _("Kortnamn"),
    "special_decision": _("Särskilt beslut"),
    "spend": _("Förbrukning"),
    "spent": _("Förbrukat"),
    "successor": _("Efterträdare"),
    "surplus": _("Överskott"),
    "target": _("Målgrupp"),
    "text": _("Text"),
    "time": _("Tidplan"),
    "to_namnd": _("Till nämnd"),
    "tried": _("Vad som prövades"),
    "user": _("Person"),
    "person": _("Person"),
    "substitute": _("Ersättare"),
    "first_day": _("Första dag"),
    "role": _("Roll"),
    "value": _("Värde"),
    "voucher": _("Verifikation"),
    "was": _("Tidigare"),
    "weight": _("Vikt"),
    "amount": _("Belopp"),
    "approved": _("Godkänt"),
    "authority": _("Myndighet"),
    "bokslut_year": _("Bokslutsår"),
    "filter": _("Urval"),
    "rule": _("Regel"),
    "bulk": _("Massåtgärd"),
    "chair": _("Ordförande"),
    "comment": _("Kommentar"),
    "conditions": _("Villkor"),
    "decision": _("Beslut"),
    "delivered_on": _("Levererat till arkivet"),
    "dnr": _("Diarienummer"),
    "last_day": _("Sista dag"),
    "meeting_on": _("Sammanträde"),
    "members": _("Ledamöter"),
    "message": _("Meddelande"),
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
