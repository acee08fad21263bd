"""What the parts of the sheets have in common: choices from the city, and rules that every text keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Completion, SheetName
from fundportal.drafts import PartForm
from fundportal.fields import whole_number
from fundportal.forms import RowsField, TextField, is_fixed, say_required
from fundportal.models import Case, Draft, Namnd, Party, User
from fundportal.models.people import PREFIX
from fundportal.process import Role

YES_NO = (("ja", gettext_lazy("Ja")), ("nej", gettext_lazy("Nej")))
ALL_CITY = ("alla", gettext_lazy("Hela staden"))


def namnder(case: Case) -> list[Namnd]:
    """The boards that exist today, by name; asked for once per case object."""
    found: list[Namnd] | None = case.__dict__.get("_namnder")
    if found is None:
        found = list(Namnd.objects.valid_on(timezone.localdate()).order_by("name"))
        case.__dict__["_namnder"] = found
    return found


def namnd_choices(case: Case) -> list[tuple[str, str]]:
    """Boards to choose among, by their id."""
    return [(str(namnd.pk), namnd.name) for namnd in namnder(case)]


def partners(case: Case) -> list[Party]:
    """The partner boards, in the order they were invited."""
    remembered: list[Party] | None = case.__dict__.get("_partners")
    if remembered is None:
        found = case.parties.filter(part=Party.Part.PARTNER).select_related("namnd").order_by("since", "pk")
        remembered = case.__dict__["_partners"] = list(found)
    return remembered


def open_completion(case: Case) -> Completion | None:
    """The completion that the applicant is to answer now; asked for once while the case stands where it stands."""
    if case.step not in SheetName.values:
        return None
    if "_completion" not in case.__dict__:
        waiting = Completion.objects.filter(case=case, sheet=case.step, met_at=None)
        case.__dict__["_completion"] = waiting.prefetch_related("asked").order_by("-pk").first()
    found: Completion | None = case.__dict__["_completion"]
    return found


def people(namnd_ids: Iterable[int], role: Role) -> list[tuple[str, str]]:
    """Active people with a role on any of the boards, as choices: name and title."""
    found = (
        User.objects.filter(
            is_active=True,
            namndusergrant__content_object__in=list(namnd_ids),
            namndusergrant__permission__codename=PREFIX + role,
        )
        .distinct()
        .order_by("last_name", "first_name")
    )
    return [
        (str(user.pk), f"{user.get_full_name()}, {user.title}" if user.title else user.get_full_name())
        for user in found
    ]


class Part(PartForm):
    """A part of the idea or the application."""

    depends: tuple[str, ...] = ()
    """Fields that other answers may call for: they are not marked as optional, their help text says when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As every part; the form's template reads `depends` of a field."""
        super().__init__(*args, **kwargs)
        for name in self.depends:
            vars(self.fields[name])["depends"] = True
        self._ask_what_slk_asks()

    def _ask_what_slk_asks(self) -> None:
        """The questions of an open completion, first in the part that they are about."""
        completion = open_completion(self.case)
        asked = [one for one in completion.asked.all() if one.part == self.slug] if completion else []
        for one in asked:
            field = TextField(
                label=_("Fråga från handläggaren: %(question)s") % {"question": one.question},
                least=2,
                most=4000,
                rows=4,
                help_text=_("Svara med ord, även om ni också ändrar något nedan."),
            )
            say_required(field, one.field)
            field.error_messages["required"] = _("Svara på handläggarens fråga.")
            self.fields[one.field] = field
        if asked:
            self.order_fields([one.field for one in asked])

    def clean(self) -> dict[str, Any]:
        """What every form asks for; then the part's own rules."""
        good = super().clean()
        self.rules(good)
        return good

    def rules(self, good: dict[str, Any]) -> None:
        """What the answers must be to each other. Only what is right by itself is in `good`."""

    def ask(self, name: str, text: str) -> None:
        """Something is missing in a field because of what another says."""
        if name not in self.errors:
            self.add_error(name, text)

    def ask_cell(self, name: str, index: int, column: str, text: str) -> None:
        """Something is wrong in one cell of a row; `index` counts rows that were filled in."""
        field = self.fields[name]
        if not isinstance(field, RowsField):
            raise TypeError(name)
        at = self._filled_rows(name, field)[index]
        field.widget.cell_errors.setdefault((at, column), []).append(text)
        said = _("Rad %(row)d: %(text)s") % {"row": at + 1, "text": text}
        self.add_error(name, ValidationError(said.replace("%", "%%"), params={"cell": (at, column)}))

    def _filled_rows(self, name: str, field: RowsField) -> list[int]:
        return [
            index
            for index, row in enumerate(self.typed()[name])
            if any(
                row.get(column) not in (None, "", [], False)
                for column, cell in field.columns.items()
                if not is_fixed(cell)
            )
        ]

    def right(self, name: str) -> list[dict[str, Any]]:
        """The rows of a field if they are all right, else none."""
        return [] if name in self.errors else list(self.cleaned_data.get(name) or [])

    def other(self, slug: str) -> dict[str, Any]:
        """What has been typed in another part of the application."""
        if self.beside is not None:
            return self.beside.typed(slug)
        draft = Draft.objects.filter(case=self.case, sheet="application", part=slug).first()
        return dict(draft.answers) if draft else {}

    def choose(self, name: str, options: Iterable[tuple[str, Any]], column: str = "") -> None:
        """Set what can be chosen in a field, or in a column of its rows."""
        field: Any = self.fields[name]
        cell: forms.ChoiceField = field.columns[column] if column else field
        several = isinstance(cell, forms.MultipleChoiceField)
        cell.choices = list(options) if several else [("", _("Välj …")), *options]


def whole(typed: Any) -> int | None:
    """A year or number typed in another part, if it is one."""
    text = str(typed or "").strip()
    return whole_number(text, 9)
