"""The pages of decision and investment, as people use them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from applications import actions
from applications.models import Change, Decision, EffectRow, Investment, Report, Requisition, Route, SteeringMember
from applications.sheets.opinion import OPINION
from fundportal.models import User
from fundportal.process import Outcome, Role, Step
from tests import factories
from tests.applications.scene import REASONS, ROWS, Scene, delegate, stage, write_opinion
from tests.factories import AT, PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def running() -> Scene:
    scene = stage(Step.IMPLEMENTATION)
    for year, use, amount in ROWS:
        factories.grant(scene.case, amount, year=year, use=use, namnd=scene.owner)
    return scene


def rows(name: str, *lines: dict[str, Any]) -> dict[str, Any]:
    """Rows as a browser posts them."""
    return {f"{name}-{index}-{key}": value for index, line in enumerate(lines) for key, value in line.items()}


def do(client: Client, scene: Scene, person: User, name: str, **typed: Any) -> None:
    """Open an act's page, fill it in and send it; what is shown and hidden is sent back as it came."""
    client.force_login(person)
    url = reverse(name, kwargs={"number": scene.case.number})
    page = client.get(url)
    assert page.status_code == 200, page.content.decode()[-3000:]
    assert not page.context["missing"], page.context["missing"]
    hidden = {"_key": page.context["key"], "_seen": page.context["seen"], "shown": page.context.get("digest", "")}
    for field in page.context["form"].hidden_fields():
        hidden.setdefault(field.html_name, field.value() or "")
    answer = client.post(url, {**hidden, **typed})
    assert answer.status_code == 302, answer.context["errors"]
    scene.case.refresh_from_db()


def see(client: Client, scene: Scene, person: User) -> str:
    """The case page as a person sees it."""
    client.force_login(person)
    page = client.get(scene.case.get_absolute_url())
    assert page.status_code == 200
    return page.content.decode()


def test_a_small_count_of_the_application_is_warned_of_in_the_opinion_and_stops_nothing(client: Client) -> None:
    scene = stage()
    row = {"effect": "Fler fullföljer", "chain": 1, "actor": "region", "first_year": 2028, "years": 3}
    saving = {"low": 1, "base": 2, "high": 3}
    EffectRow.objects.create(case=scene.case, submission=1, reached=4, yearly=[3, 4], **row, **saving)
    client.force_login(scene.officer)
    way = reverse("opinion_part", kwargs={"number": scene.case.number, "slug": "arendet"})

    def told(text: str) -> str:
        sent = {"abstract": text, "_field": "abstract"}
        answer = client.post(way, sent, headers={"X-Requested-With": "fetch"}).json()
        assert answer["saved"] is True
        return str(answer["warnings"]["abstract"])

    assert told("Insatsen når tre unga flickor.").startswith("Texten nämner ”tre unga flickor”.")
    assert "färre än 5" in told("Insatsen når 4 elever.")
    assert told("Insatsen når två elever, på tre skolor, i 3 år, och 40 barn.") == ""
    page = client.post(way, {"abstract": "Insatsen når 4 elever."}, follow=True)
    assert "Texten nämner ”4 elever”." in page.content.decode()


def test_the_opinion_is_written_part_by_part_and_reviewed(client: Client) -> None:
    scene = stage()
    client.force_login(scene.officer)

    hub = client.get(reverse("opinion", kwargs={"number": scene.case.number}))
    parts = [
        client.get(reverse("opinion_part", kwargs={"number": scene.case.number, "slug": part.slug}))
        for part in OPINION.parts
    ]
    write_opinion(scene)
    review = client.get(reverse("opinion_review", kwargs={"number": scene.case.number}))

    assert [page.status_code for page in (hub, *parts, review)] == [200] * 8
    assert "Socialnämnden beviljas 8\u00a0000\u00a0tkr ur" in parts[0].content.decode()
    assert "Ingen som handlagt ärendet har anmält jäv." in parts[-1].content.decode()
    assert review.context["gaps"] == []


def test_from_preparation_to_a_signed_decision(client: Client) -> None:
    scene = stage()
    delegate(scene.director, valid_from=date(2020, 1, 1))
    write_opinion(scene, route=Route.DELEGATION)

    assert "6 av 6 delar är klara" in see(client, scene, scene.officer)
    do(client, scene, scene.controller, "check_calculation", outcome="remarks", text="Styckkostnaden saknar källa.")
    assert "Styckkostnaden saknar källa." in see(client, scene, scene.officer)
    do(client, scene, scene.officer, "propose_decision")
    assert "Förslaget till beslut" in see(client, scene, scene.director)
    do(client, scene, scene.director, "return_proposal", reason="Komplettera med källan till styckkostnaden.")
    do(client, scene, scene.officer, "propose_decision")
    do(client, scene, scene.director, "sign_decision", password=PASSWORD)

    assert scene.case.step == Step.IMPLEMENTATION
    assert "Beviljat, utbetalt och kvar" in see(client, scene, scene.applicant)


def test_a_wrong_password_signs_nothing(client: Client) -> None:
    scene = stage()
    actions.check_calculation(scene.case, scene.controller, AT, outcome="ok", text="Kalkylen är riktigt räknad.")
    write_opinion(scene)
    actions.propose_decision(scene.case, scene.officer, AT)
    client.force_login(scene.director)
    url = reverse("sign_decision", kwargs={"number": scene.case.number})
    shown = client.get(url).context["digest"]

    answer = client.post(url, {"password": "fel", "shown": shown})

    assert answer.status_code == 422
    assert "Lösenordet stämmer inte" in answer.content.decode()
    assert not Decision.objects.exists()


def test_the_boards_decision_is_recorded_from_a_form_filled_with_the_proposal(client: Client) -> None:
    scene = stage()
    actions.check_calculation(scene.case, scene.controller, AT, outcome="ok", text="Kalkylen är riktigt räknad.")
    write_opinion(scene, beslut={**_decision(scene), "board_on": "2026-05-12"})
    actions.propose_decision(scene.case, scene.officer, AT)
    actions.sign_decision(scene.case, scene.director, AT)
    client.force_login(scene.officer)
    form = client.get(reverse("record_board_decision", kwargs={"number": scene.case.number})).context["form"]

    assert [(row["year"], row["amount"]) for row in form["rows"].value()] == [(y, a) for y, _u, a in ROWS]
    do(
        client,
        scene,
        scene.officer,
        "record_board_decision",
        outcome=Outcome.PARTLY,
        meeting_on="2026-05-12",
        paragraph="§ 12",
        adjusted_on="2026-05-19",
        posted_on="20 maj 2026",
        reasons="Ett år i taget.",
        **rows("rows", {"year": "2027", "use": "introduce", "namnd": scene.owner.pk, "amount": "3 000"}),
    )

    assert Investment.objects.get(case=scene.case).total.granted == 3_000_000


def _decision(scene: Scene) -> dict[str, Any]:
    write_opinion(scene)
    return OPINION.filled(scene.case).typed("beslut")


def test_a_project_is_run_from_its_pages(client: Client, running: Scene) -> None:
    chair = factories.user(Role.MANAGER, running.owner)
    do(
        client,
        running,
        running.officer,
        "appoint_steering_group",
        **rows("members", {"user": chair.pk, "namnd": running.owner.pk, "part": "chair", "since": "2026-03-01"}),
    )
    do(
        client,
        running,
        running.applicant,
        "requisition",
        line=f"2027-introduce-{running.owner.pk}",
        amount="1 500 000",
        purpose="Löner för två samordnare.",
    )
    asked = Requisition.objects.get()
    assert "Löner för två samordnare." in see(client, running, running.controller)
    do(client, running, running.approver, "approve_requisition", requisition=asked.pk, approves="yes")
    do(
        client,
        running,
        running.controller,
        "pay",
        requisition=asked.pk,
        pays="yes",
        voucher="V 1001",
        booked_on="2026-03-01",
    )
    do(
        client,
        running,
        running.applicant,
        "report",
        year="2027",
        period="T1",
        women="20",
        men="18",
        children="3",
        time="red",
        economy="green",
        effect="yellow",
        measure="Extra rekrytering",
        measure_owner="Ann Ek",
        measure_on="2027-06-01",
        **rows("indicators", {"name": "Frånvaro", "value": "12,5", "comment": ""}),
        **rows("spend", {"use": "introduce", "namnd": running.owner.pk, "spent": "1 500 000", "forecast": "4 000 000"}),
    )
    told = Report.objects.get()
    assert "Väntar på ordföranden" in see(client, running, running.officer)
    do(client, running, chair, "accept_report", report=told.pk)
    do(
        client,
        running,
        running.applicant,
        "request_change",
        reason=REASONS,
        **rows(
            "rows",
            {"year": "2027", "use": "introduce", "namnd": running.owner.pk, "amount": "4 000 000"},
            {"year": "2028", "use": "introduce", "namnd": running.owner.pk, "amount": "3 000 000"},
        ),
    )
    assert "En ändring väntar på beslut" in see(client, running, running.director)
    do(
        client,
        running,
        running.director,
        "decide_change",
        approves="yes",
        reasons="Utvärderingen görs inom ram.",
        password=PASSWORD,
    )
    do(
        client,
        running,
        running.officer,
        "close_investment",
        handed_back="250 000",
        voucher="V 7",
        namnd=running.owner.pk,
    )

    ended = Investment.objects.get(case=running.case)
    assert SteeringMember.objects.get().chair
    assert Change.objects.get().status == "approved"
    assert running.case.step == Step.EVALUATION
    assert (ended.handed_back, ended.released) == (Decimal(250_000), Decimal(5_500_000))


def test_a_project_is_broken_off_from_its_page(client: Client, running: Scene) -> None:
    do(client, running, running.director, "discontinue", reason=REASONS, handed_back="0", password=PASSWORD)

    assert running.case.step == Step.DISCONTINUED
    assert "Projektet är avbrutet" in see(client, running, running.officer)


def test_money_handed_back_without_a_voucher_is_told_at_the_field(client: Client, running: Scene) -> None:
    client.force_login(running.director)
    url = reverse("discontinue", kwargs={"number": running.case.number})
    shown = client.get(url).context["digest"]

    answer = client.post(url, {"reason": REASONS, "handed_back": "10", "password": PASSWORD, "shown": shown})

    assert answer.status_code == 422
    assert ("Fyll i verifikationsnumret för det belopp som återlämnas.", "id_voucher") in answer.context["errors"]


def test_a_project_with_much_in_it_asks_no_more_questions(
    client: Client, running: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(running.officer)
    client.get(running.case.get_absolute_url())
    for number in range(12):
        actions.requisition(
            running.case,
            running.applicant,
            AT,
            year=2027,
            use="introduce",
            namnd=running.owner,
            amount=Decimal(1_000 + number),
            purpose="Löner för två samordnare.",
        )

    with django_assert_max_num_queries(50) as many:
        client.get(running.case.get_absolute_url())
    with django_assert_max_num_queries(len(many)):
        client.get(running.case.get_absolute_url())
