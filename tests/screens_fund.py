"""The fund's pages that need an entry, a central grant, a paper or a day to be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from applications.models import VoucherImport
from fundportal.models import CentralGrant, Document, Entry, User


def of_the_fund(controller: User, applicant: User, shot: Callable[..., Any]) -> Iterator[Any]:
    """As the controller sees them, and the fund on a day and its figures as any reader does."""
    grant = CentralGrant.objects.order_by("pk")[0]
    entry = Entry.objects.filter(case=None, reverses=None).order_by("pk")[0]
    paper = Document.objects.filter(kind="fund_reconciliation").order_by("-pk")[0]
    for name in ("fund_change_grant", "fund_pay_grant", "fund_release_grant", "fund_hand_back_grant"):
        yield shot(name, controller, pk=grant.pk)
    yield shot("fund_correct", controller, pk=entry.pk)
    yield shot("fund_paper", controller, pk=paper.pk)
    yield shot("voucher_import", controller, pk=VoucherImport.objects.latest("pk").pk)
    day = f"?fond={grant.fund_id}&den={grant.event.at.year}-12-31"
    yield shot("fund", applicant, label="fund-day", query=day)
    yield shot("fund_books", applicant, label="fund_books-day", query=day)
    yield shot("fund_forecast", applicant, label="fund_forecast-reader", query="?ram=20 000 000")
