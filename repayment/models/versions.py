"""Two versions of a plan side by side: row by row, with what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from fundportal.formatting import kronor
from repayment.models.plan import Plan, PlanRow
from repayment.models.standing import ZERO, Standing, key_of, outcome


@dataclass(frozen=True)
class Change:
    """One bokslut, board and area: planned in the two versions, and what happened between them."""

    row: PlanRow
    before: Decimal | None
    after: Decimal | None
    repaid: Decimal | None = None

    @property
    def difference(self) -> Decimal:
        """What the later version plans more, or less."""
        return (self.after or ZERO) - (self.before or ZERO)

    @property
    def is_changed(self) -> bool:
        """Whether the two versions say different things."""
        return self.before != self.after

    @property
    def words(self) -> str:
        """What happened to the row."""
        if self.repaid is not None:
            return _("Avstämd, %s återfört") % kronor(self.repaid)
        if self.before is None:
            return _("Ny rad")
        if self.after is None:
            return _("Borttagen")
        return _("Ändrad") if self.difference else _("Oförändrad")


@dataclass(frozen=True)
class Difference:
    """What two versions say: `old` is decided before `new`."""

    old: Plan
    new: Plan
    changes: list[Change]

    @property
    def before(self) -> Decimal:
        """The sum of the older version's rows."""
        return self.old.planned

    @property
    def after(self) -> Decimal:
        """The sum of the later version's rows."""
        return self.new.planned

    @property
    def difference(self) -> Decimal:
        """What the later version's rows hold more: what has been repaid and exempted between them, below zero."""
        return self.after - self.before

    @property
    def repaid(self) -> Decimal:
        """Repaid between the two."""
        return self.new.repaid_before - self.old.repaid_before

    @property
    def exempted(self) -> Decimal:
        """Exempted between the two."""
        return self.new.exempted_before - self.old.exempted_before


def difference(now: Standing, old: Plan, new: Plan) -> Difference:
    """The two versions row by row, in the order of years. Which is the older is told by their numbers."""
    if old.version > new.version:
        old, new = new, old
    before, after = ({key_of(row): row for row in plan.rows.all()} for plan in (old, new))
    between = [plan for plan in now.decided if old.version <= plan.version < new.version]
    came = {key_of(row): outcome(row) for plan in between for row in plan.rows.all() if outcome(row)}
    shown = sorted(after | before | {}, key=lambda key: (key[0], str((after | before)[key].namnd.short), key[2]))
    changes = []
    for key in shown:
        done = None if key in after else came.get(key)
        changes.append(
            Change(
                after.get(key) or before[key],
                before[key].amount if key in before else None,
                after[key].amount if key in after else None,
                done.repaid if done else None,
            )
        )
    return Difference(old, new, changes)
