"""The pages of repayment, walked as a person would: every act of stages seven and eight through its form."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fundportal.models import User
from fundportal.process import Role, Step
from repayment.models import DistributionKey, Plan, standing
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import Scene, tkr

pytestmark = pytest.mark.django_db
THIS_YEAR = timezone.localdate().year


def page(user: User, it: Scene, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/arenden/{it.case.number}/{path}")


def send(user: User, it: Scene, path: str, **typed: str) -> Any:
    """Fill in the form as shown, with what is typed instead of its values, and send it."""
    client = Client()
    client.force_login(user)
    shown = client.get(f"/arenden/{it.case.number}/{path}")
    assert shown.status_code == 200, shown.content.decode()[:2000]
    form = shown.context["form"]
    data = {"_key": shown.context["key"], "_seen": shown.context["seen"] or ""}
    html = shown.content.decode()
    data |= dict(re.findall(r'<input type="hidden" name="(shown)" value="([^"]*)"', html))
    if "password" in form.fields:
        data["password"] = factories.PASSWORD
    return client.post(f"/arenden/{it.case.number}/{path}", data | typed)


def rows(it: Scene, *amounts: str, first: int, name: str = "rows") -> dict[str, str]:
    typed: dict[str, str] = {}
    for number, amount in enumerate(amounts):
        typed |= {
            f"{name}-{number}-year": str(first + number),
            f"{name}-{number}-namnd": str(it.board.pk),
            f"{name}-{number}-area": "family",
            f"{name}-{number}-amount": amount,
        }
    return typed


def current(it: Scene) -> Plan:
    found = standing(it.case).current
    assert found is not None
    return found


def step(it: Scene) -> str:
    it.case.refresh_from_db()
    return it.case.step


def test_the_controller_proposes_and_the_director_signs_the_plan() -> None:
    it = scene.c1()
    given = {
        "basis": "nominal",
        "grounds": "Vårdkostnaderna har minskat.",
        **rows(it, "6 000 000", "5 600 000", first=THIS_YEAR + 1),
    }

    proposed = send(it.controller, it, "foresla-plan/", **given)
    decided = send(it.director, it, "besluta-plan/")

    assert (proposed.status_code, decided.status_code, step(it)) == (302, 302, Step.REPAYMENT)
    assert current(it).planned == tkr(11_600)


def test_the_first_proposal_is_filled_in_beforehand_with_even_instalments() -> None:
    it = scene.c1()

    form = page(it.controller, it, "foresla-plan/").context["form"]

    assert [(row["year"], row["amount"]) for row in form.fields["rows"].initial] == [
        (THIS_YEAR + 1 + number, tkr(2900)) for number in range(4)
    ]


def test_a_wrong_sum_is_told_and_what_was_typed_stands() -> None:
    it = scene.c1()
    given = {"basis": "nominal", "grounds": "Vårdkostnaderna har minskat."}
    given |= rows(it, "6 000 000", first=THIS_YEAR + 1)

    answer = send(it.controller, it, "foresla-plan/", **given)

    assert answer.status_code == 422
    assert "Lägg till 5\u00a0600\u00a0000\u00a0kr" in answer.content.decode()
    assert 'href="#id_rows">Raderna summerar' in answer.content.decode()
    assert "6 000 000" in answer.content.decode()


def test_what_the_director_saw_is_what_she_signs() -> None:
    it = scene.c1()
    it.propose(11_600)
    client = Client()
    client.force_login(it.director)
    shown = client.get(f"/arenden/{it.case.number}/besluta-plan/").context["digest"]
    it.propose(11_600, grounds="Ett annat underlag.")

    answer = client.post(f"/arenden/{it.case.number}/besluta-plan/", {"shown": shown, "password": factories.PASSWORD})

    assert answer.status_code == 422
    assert "Underlaget har ändrats" in answer.content.decode()


def test_a_bokslut_is_reconciled_and_the_plan_changed_and_completed() -> None:
    it = scene.c1()
    it.decide(2000, 9600)
    first = it.row(2020)
    given = {"row": str(first.pk), "realised": "2 400 000", "surplus": "1 500 000", "repaid": "1500000"}

    refused = send(it.controller, it, "stam-av-bokslut/", **given)
    done = send(it.controller, it, "stam-av-bokslut/", **given, voucher="V1", cause="delay", reason="Sen start.")
    left = {"reason": "Effekten dröjer.", **rows(it, "10 100 000", first=THIS_YEAR)}
    changed = send(it.director, it, "andra-plan/", **left)

    assert refused.status_code == 422
    assert 'href="#id_voucher">Ange verifikationsnumret' in refused.content.decode()
    assert 'href="#id_cause">1' in refused.content.decode()
    assert (done.status_code, changed.status_code) == (302, 302)
    assert current(it).version == 2


def test_rows_of_an_ended_board_are_handed_over_to_its_successor() -> None:
    it = scene.c1()
    it.decide(5000, 6600)
    heir = factories.namnd("Sociala nämnden")
    it.board.active_to, it.board.successor = date(2020, 6, 30), heir
    it.board.save()

    shown = page(it.director, it, "overfor-till-ny-namnd/")
    done = send(
        it.director, it, "overfor-till-ny-namnd/", from_namnd=str(it.board.pk), to_namnd=str(heir.pk), reason="KF § 4."
    )

    assert shown.context["form"].fields["to_namnd"].initial == heir.pk
    assert done.status_code == 302
    assert {row.namnd for row in standing(it.case).open_rows} == {heir}


def test_the_director_exempts_with_a_reason_long_enough() -> None:
    it = scene.c2()

    short = send(it.director, it, "undanta/", reason="no_effect", text="För kort.")
    done = send(it.director, it, "undanta/", reason="no_effect", text=scene.TEXT)

    assert (short.status_code, done.status_code, step(it)) == (422, 302, Step.SETTLEMENT)


def settled(it: Scene, **given: str) -> Any:
    lesson = {
        name: "Text." for name in ("tried", "for_whom", "cost", "effect", "again_why", "adjusts_reason", "method")
    }
    lesson |= {"area": "family", "result": "none"}
    levels = {"areas-0-area": "family", "areas-0-cost_level": "96 800", "areas-0-budget": "100 000"}
    return send(it.controller, it, "slutavstam/", again="yes", adjusts="yes", **{**lesson, **levels, **given})


def test_a_single_districts_budget_is_stopped_in_words_until_there_is_a_special_decision() -> None:
    it = scene.c1(Step.SETTLEMENT)

    stopped = settled(it, target="single", explanation="Allt undantaget före portalen.")
    let = settled(it, target="single", special_decision="KF § 7.", explanation="Allt undantaget före portalen.")

    assert stopped.status_code == 422
    assert "medger inte att en enskild stadsdelsnämnds budget justeras" in stopped.content.decode()
    assert (let.status_code, step(it)) == (302, Step.BUDGET_ADJUSTMENT)


def test_a_budget_is_adjusted_through_the_pages() -> None:
    it = scene.c1(Step.SETTLEMENT)
    key = scene.key()
    settled(it, target="city", explanation="Allt undantaget före portalen.")
    request = {
        "amount": "3 200",
        "first_year": "2025",
        "permanent": "yes",
        "key": str(key.pk),
        "occasion": "t1",
        "finance": "reallocation",
        "opinion": "for",
        "opinion_text": "Följer av slutavstämningen.",
    }

    shown = page(it.officer, it, "begar-budgetjustering/")
    asked = send(it.officer, it, "begar-budgetjustering/", **request)
    form = page(it.officer, it, "registrera-budgetjustering/").context["form"]
    decided = {"meeting_on": "2025-06-18", "paragraph": "§ 12"}
    for number, row in enumerate(form.fields["rows"].initial):
        decided |= {f"rows-{number}-{name}": str(value) for name, value in row.items()}
        decided[f"rows-{number}-amount"] = str(int(row["amount"] / 1000))
    done = send(it.officer, it, "registrera-budgetjustering/", **decided)
    closed = send(it.officer, it, "avsluta/", without_receipts="Nämnderna har kvitterat i e-post.")

    assert shown.context["form"].fields["amount"].initial == tkr(3200)
    assert (asked.status_code, done.status_code, closed.status_code, step(it)) == (302, 302, 302, Step.CLOSED)
    assert "−672\u00a0tkr" in page(it.officer, it, "").content.decode()


@pytest.mark.parametrize(
    "where", [Step.REPAYMENT_PLAN, Step.REPAYMENT, Step.SETTLEMENT, Step.BUDGET_ADJUSTMENT, Step.CLOSED]
)
def test_every_step_has_its_page(where: Step) -> None:
    it = scene.c1()
    if where != Step.REPAYMENT_PLAN:
        it.decide(2000, 9600)
        it.reconcile(2020, 1500, cause="delay", reason="Sen start.")
    if where not in (Step.REPAYMENT_PLAN, Step.REPAYMENT):
        factories.move(it.case, where)

    assert page(it.controller, it, "").status_code == 200


def test_the_case_page_asks_the_database_as_often_with_two_rows_as_with_twenty() -> None:
    counts = []
    for amounts in ((11_000, 600), (100,) * 19 + (9700,)):
        it = scene.c1()
        it.decide(*amounts)
        it.reconcile(2020, amounts[0])
        with CaptureQueriesContext(connection) as seen:
            page(it.controller, it, "")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_keys_are_added_by_officers_and_controllers_and_read_by_auditors() -> None:
    boards = [factories.namnd(name, kind="sdn") for name in ("Norr", "Söder")]
    typed = {"name": "Äldreomsorg", "dated": "2025-01-01", "source": "Budget 2025, bilaga 3"}
    typed |= {f"weights-{number}-namnd": str(board.pk) for number, board in enumerate(boards)}
    client = Client()
    client.force_login(factories.user(Role.OFFICER))

    ninety = client.post("/fordelningsnycklar/ny/", {**typed, "weights-0-weight": "60", "weights-1-weight": "30"})
    whole = client.post("/fordelningsnycklar/ny/", {**typed, "weights-0-weight": "60,5", "weights-1-weight": "39,5"})
    again = client.post("/fordelningsnycklar/ny/", {**typed, "weights-0-weight": "60", "weights-1-weight": "40"})
    client.force_login(factories.user(Role.AUDITOR))

    assert (ninety.status_code, whole.status_code, again.status_code) == (422, 302, 422)
    assert "Vikterna summerar till 90\u00a0%" in ninety.content.decode()
    assert DistributionKey.objects.count() == 1
    assert "60,5\u00a0%" in client.get("/fordelningsnycklar/").content.decode()
    assert client.get("/fordelningsnycklar/ny/").status_code == 403


def test_a_nämnds_own_people_do_not_read_the_keys() -> None:
    client = Client()
    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))

    assert client.get("/fordelningsnycklar/").status_code == 403


def test_a_row_can_be_added_without_losing_what_was_typed() -> None:
    it = scene.c1()

    answer = send(
        it.controller, it, "foresla-plan/", grounds="Halvskrivet", _rows="rows:add", **rows(it, "1", first=2030)
    )

    assert answer.status_code == 200
    assert "Halvskrivet" in answer.content.decode()
    assert [row["amount"] for row in answer.context["form"].initial["rows"] if row] == ["1"]


def test_present_value_is_reckoned_from_the_rows_as_they_are_typed() -> None:
    it = scene.c1()
    first = page(it.controller, it, "foresla-plan/").content.decode().replace("\u00a0", " ")
    typed = rows(it, "11 600 000", "hej", first=THIS_YEAR + 1) | {"rows-2-year": "20", "rows-2-amount": "1"}
    again = send(it.controller, it, "foresla-plan/", basis="present", _rows="rows:value:0", **typed)
    said = again.content.decode().replace("\u00a0", " ")

    assert f"bokslut {THIS_YEAR + 4}" in first
    assert (again.status_code, f"bokslut {THIS_YEAR + 1}" in said, 'value="hej"' in said) == (200, True, True)
    assert ">Nuvärde</dd>" in said
