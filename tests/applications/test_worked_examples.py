"""Real figures as an applicant types them: Stockholm's ESF project (R8) and the limits of Gävleborg (R9)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications import actions
from applications.sheets import APPLICATION
from fundportal.errors import Refused
from tests.applications.city import AT, City, city

pytestmark = pytest.mark.django_db
GAVLEBORG = {"max_yearly": 500_000, "max_years": 3, "max_share": Decimal(50), "min_evaluation_share": 0}


def budget(here: City, asked: tuple[int, ...], others: int) -> dict[str, object]:
    """So many tkr a year from 2028, and as much each year from the boards themselves."""
    rows = [
        here.budget_row(str(2028 + at), "introduce", str(amount)) | {"cofinancing": str(others)}
        for at, amount in enumerate(asked)
    ]
    return {"rows": rows}


def test_r8_the_esf_project_is_split_and_warned_of_being_paid_twice() -> None:
    here = city()
    rows = [here.budget_row("2028", "introduce", "5 000"), here.budget_row("2029", "evaluate", "1 867")]
    esf = {"financier": "ESF", "dnr": "2019/00509", "amount": "6 090", "status": "beviljad"}
    money = {"rows": rows, "financing": [esf]}
    silent = APPLICATION.filled(here.application(budget=money | {"demarcation": ""}))
    case = here.application(budget=money | {"demarcation": "ESF betalar utbildningen, fonden teamen."})
    lines = {line.label: line for form in APPLICATION.filled(case).forms for line in form.computed()}
    split = [[cell.replace("\u00a0", " ") for cell in row] for row in lines["Så finansieras satsningen"].rows]

    assert [row for row in split if row[0] in ("Söks ur fonden", "ESF", "Hela kostnaden")] == [
        ["Söks ur fonden", "6 867 tkr", "53 %"],
        ["ESF", "6 090 tkr", "47 %"],
        ["Hela kostnaden", "12 957 tkr", "100 %"],
    ]
    assert "ESF" in lines["Risk för dubbelfinansiering"].text
    assert [gap.part for gap in silent.gaps()] == ["budget"]


@pytest.mark.parametrize(
    ("asked", "others", "said"),
    [
        ((500, 500, 500), 500, ""),
        ((501, 500, 500), 501, "Högst 500 tkr per år får sökas. För 2028 är det 501 tkr."),
        ((500, 500, 500, 500), 500, "Medel får sökas för högst 3 år. Nu är det 4."),
        ((500, 500, 500), 499, "Fonden betalar högst 50 % av kostnaden. Nu är det 50,1 %."),
    ],
)
def test_r9_an_application_beyond_the_limits_is_refused(asked: tuple[int, ...], others: int, said: str) -> None:
    here = city(**GAVLEBORG)
    case = here.application(budget=budget(here, asked, others), tid={"last_year": str(2027 + len(asked))})
    gaps = [gap.text.replace("\u00a0", " ") for gap in APPLICATION.filled(case).gaps() if gap.part == "budget"]

    if said:
        assert said in gaps
        with pytest.raises(Refused):
            actions.endorse_application(case, here.manager, AT)
    else:
        assert gaps == []
        actions.endorse_application(case, here.manager, AT)
