"""What every page needs to draw its top bar: the menu by role, who is logged in, and how the pages look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from time import time

from django.conf import settings
from django.http import HttpRequest
from django.template.context_processors import csrf
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fundportal import house, kept, queue
from fundportal.models import Letter, Namnd, User
from fundportal.process import Role
from fundportal.todo import waits

CAP = 99  # counts in the menu stop here: 99+ says enough, and the database need not count further


@dataclass(frozen=True)
class Item:
    """One entry of the menu."""

    label: str
    url: str
    current: bool = False
    count: str = ""
    count_label: str = ""


def capped(found: int) -> str:
    """How many there are, for a badge: nothing for none, and no more than 99+."""
    return "" if not found else f"{CAP}+" if found > CAP else str(found)


class Face:
    """The top bar of one page. Everything that asks the database is asked only if it is drawn."""

    def __init__(self, request: HttpRequest) -> None:
        """Remembers the request; asks nothing yet."""
        self.request = request
        self.demo: bool = settings.DEMO

    @cached_property
    def user(self) -> User | None:
        """Who is logged in."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def scheme(self) -> str:
        """The person's choice of light, dark or as the computer."""
        return self.user.scheme if self.user else User.Scheme.AUTO

    @cached_property
    def scheme_label(self) -> str:
        """The same in words."""
        return str(User.Scheme(self.scheme).label).lower()

    @cached_property
    def name(self) -> str:
        """The person's name."""
        return self.user.get_full_name() if self.user else ""

    @cached_property
    def where(self) -> str:
        """The person's position, or else her boards."""
        if self.user is None:
            return ""
        if self.user.title:
            return self.user.title
        return ", ".join(
            Namnd.objects.filter(pk__in=list(self.user.grants.on_namnd)).values_list("name", flat=True)[:3]
        )

    @cached_property
    def roles(self) -> set[Role]:
        """Every role held anywhere."""
        return self.user.roles() if self.user else set()

    @cached_property
    def csrf(self) -> SafeString:
        """The hidden field of the forms in the bar."""
        token = csrf(self.request)["csrf_token"]
        return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', str(token))

    @cached_property
    def here(self) -> str:
        """The name of the present page's address."""
        match = getattr(self.request, "resolver_match", None)
        return (match.url_name or "") if match else ""

    @cached_property
    def in_case(self) -> bool:
        """Whether the page belongs to a case."""
        match = getattr(self.request, "resolver_match", None)
        return bool(match and "number" in match.kwargs)

    @cached_property
    def todo(self) -> str:
        """How many cases wait for this person."""
        return capped(queue.counts(self.user, {"todo": (waits(self.user), CAP)})["todo"]) if self.user else ""

    @cached_property
    def unread(self) -> str:
        """How many letters she has not read."""
        unread = Letter.objects.filter(user=self.user, read_at=None) if self.user else Letter.objects.none()
        return capped(unread.values("pk")[: CAP + 1].count())

    @cached_property
    def nav(self) -> list[Item]:
        """The menu."""
        here = self.here
        items = [
            Item(_("Start"), reverse("start"), here == "start"),
            Item(
                *(_("Ärenden"), reverse("cases"), here == "cases" or self.in_case),
                *(self.todo, _("ärenden väntar på dig")),
            ),
        ]
        if Role.APPLICANT in self.roles:
            items.append(Item(_("Ny idéskiss"), reverse("create_idea"), here == "create_idea"))
        if Role.RESPONDENT in self.roles:
            items.append(Item(_("Remisser"), reverse("remisser"), here == "remisser"))
        items.append(Item(_("Fonden"), reverse("fund"), here.startswith("fund")))
        items.append(Item(_("Lärdomar"), reverse("lessons"), here in ("lessons", "lesson")))
        if Role.AUDITOR in self.roles:
            items.append(Item(_("Export"), reverse("exports"), here.startswith("export")))
        if house.places(self.roles):
            items.append(Item(_("Administration"), reverse("administration"), here in self.kept_in_order))
        items.append(Item(_("Hjälp"), reverse("help"), here.startswith("help")))
        return items

    @cached_property
    def kept_in_order(self) -> set[str]:
        """The names of the administration's pages."""
        return {"administration", *(place.name for place in house.PLACES)}

    @cached_property
    def login_url(self) -> str:
        """Where a stranger logs in, unless she is there."""
        return "" if self.user or self.here == "login" else reverse("login")

    @cached_property
    def mailbox_url(self) -> str:
        """The mailbox page of the demo, when letters are kept there."""
        kept_here = settings.EMAIL_BACKEND == "fundportal.mailbox.MailboxBackend"
        return reverse("mailbox") if self.demo and kept_here else ""

    @cached_property
    def session_ends(self) -> int:
        """Seconds until the session ends if nothing more is done; 0 for strangers."""
        return max(1, int(kept.ends_at(self.request) - time())) if self.user else 0


def face(request: HttpRequest) -> dict[str, Face]:
    """Context processor: gives every template `face`."""
    return {"face": Face(request)}
