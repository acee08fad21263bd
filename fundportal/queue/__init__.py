"""One service for everything that lists cases: the queue, its counts, search, the start page, bulk acts and exports.

Every question begins with `visible_to`. Pages are keyset pages: an address holds the place where the page begins, so
that the hundredth page costs what the first does. Counts stop at a cap.
"""

from fundportal.queue.asking import (
    CAP,
    SMALL_CAP,
    SOON,
    asked_for,
    cases,
    count,
    counts,
    faults,
    mine,
    of_due,
    of_view,
    said,
)
from fundportal.queue.columns import CENTRAL, CHOICES, Shown, shown
from fundportal.queue.orders import DEFAULT_ORDER, ORDERS, Order
from fundportal.queue.pages import COLORS, COLUMNS, ICONS, PAGE, Page, dress, from_place, page, place_of, sort
from fundportal.queue.wanted import DUES, FOLLOW_UP, FOR_DECISION, VIEWS, WITH_APPLICANT, Wanted

__all__ = [
    "CAP",
    "CENTRAL",
    "CHOICES",
    "COLORS",
    "COLUMNS",
    "DEFAULT_ORDER",
    "DUES",
    "FOLLOW_UP",
    "FOR_DECISION",
    "ICONS",
    "ORDERS",
    "PAGE",
    "SMALL_CAP",
    "SOON",
    "VIEWS",
    "WITH_APPLICANT",
    "Order",
    "Page",
    "Shown",
    "Wanted",
    "asked_for",
    "cases",
    "count",
    "counts",
    "dress",
    "faults",
    "from_place",
    "mine",
    "of_due",
    "of_view",
    "page",
    "place_of",
    "said",
    "shown",
    "sort",
]
