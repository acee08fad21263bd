"""From tjänsteutlåtande to the director's signature."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications import actions, needs
from applications.models import CalculationCheck, Decision, Investment, Proposal, Route
from applications.sheets.opinion import OPINION
from fundportal import flow, ledger
from fundportal.canonical import canonical
from fundportal.errors import Refused
from fundportal.formatting import NBSP
from fundportal.models import Account, Document, EntryKind
from fundportal.process import ACTIONS, Outcome, Role, Step
from tests import factories
from tests.applications.scene import ROWS, Scene, delegate, later, stage, write_opinion
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return stage()


def checked(scene: Scene) -> None:
    actions.check_calculation(scene.case, scene.controller, AT, outcome="ok", text="Kalkylen är försiktigt räknad.")


def proposed(scene: Scene, **how: Any) -> Proposal:
    checked(scene)
    write_opinion(scene, **how)
    actions.propose_decision(scene.case, scene.officer, AT)
    return Proposal.objects.get(case=scene.case)


def test_an_empty_opinion_names_each_part_that_is_missing(scene: Scene) -> None:
    said = needs.opinion_is_complete(scene.case, AT)

    assert said == (
        "Skriv klart tjänsteutlåtandet. Uppgifter saknas under ”Förslag till beslut”, ”Sammanfattning och ärende”, "
        "”Beredning och bedömning”, ”Jämställdhet och barn” och ”Beslut och belopp”."
    )


def test_the_gender_analysis_cannot_be_left_out(scene: Scene) -> None:
    write_opinion(scene, analyser={"gender": ""})

    assert needs.opinion_is_complete(scene.case, AT) == (
        "Skriv klart tjänsteutlåtandet. Uppgifter saknas under ”Jämställdhet och barn”."
    )


def test_a_whole_opinion_lacks_nothing(scene: Scene) -> None:
    write_opinion(scene)

    assert needs.opinion_is_complete(scene.case, AT) is None


@pytest.mark.parametrize(
    ("outcome", "rows", "said"),
    [
        (Outcome.GRANTED, [(2027, "introduce", 7_000_000)], "Välj delvis bifall"),
        (Outcome.PARTLY, ROWS, "Välj bifall"),
        (Outcome.GRANTED, [(2027, "introduce", 9_000_000)], "Mer än det sökta"),
        (Outcome.PARTLY, [], "minst en rad"),
        (Outcome.PARTLY, [(2027, "introduce", 1_000_000)] * 2, "flera rader"),
    ],
)
def test_amounts_that_do_not_fit_the_outcome_are_told(
    scene: Scene, outcome: Outcome, rows: list[tuple[int, str, int]], said: str
) -> None:
    write_opinion(scene, outcome=outcome, rows=rows)

    gaps = OPINION.filled(scene.case).gaps()

    assert [gap.part for gap in gaps] == ["beslut"]
    assert said in gaps[0].text


def test_a_rejection_proposes_no_money_whatever_stands_in_the_rows(scene: Scene) -> None:
    proposal = proposed(scene, outcome=Outcome.REJECTED)

    assert (proposal.amount, list(proposal.rows.all())) == (Decimal(0), [])


def test_kommunstyrelsen_needs_a_meeting_day(scene: Scene) -> None:
    write_opinion(scene, beslut={**typed_decision(scene), "board_on": ""})

    assert [gap.text for gap in OPINION.filled(scene.case).gaps()] == ["Fyll i dagen för kommunstyrelsens sammanträde."]


def typed_decision(scene: Scene) -> dict[str, object]:
    write_opinion(scene)
    return OPINION.filled(scene.case).typed("beslut")


def test_only_officer_and_controller_read_the_draft(scene: Scene) -> None:
    council = factories.user(Role.COUNCIL)

    readers = [scene.officer, scene.controller, scene.director, scene.applicant, council]

    assert [OPINION.may_read(scene.case, person) for person in readers] == [True, True, False, False, False]


def test_the_calculation_needs_a_second_pair_of_eyes(scene: Scene) -> None:
    before = needs.calculation_is_checked(scene.case, AT)
    checked(scene)

    assert before == "En controller ska granska kalkylen i ansökan först (två par ögon)."
    assert needs.calculation_is_checked(scene.case, AT) is None
    assert CalculationCheck.objects.get().outcome == "ok"


def test_more_than_the_fund_has_is_not_covered() -> None:
    scene = stage(reserved=5_000_000)

    before = needs.request_is_covered(scene.case, AT)
    write_opinion(scene, outcome=Outcome.PARTLY, rows=[(2027, "introduce", 5_000_000)])

    assert before is not None
    assert f"5{NBSP}000{NBSP}000{NBSP}kr disponibelt, men 8{NBSP}000{NBSP}000{NBSP}kr behövs" in before
    assert needs.request_is_covered(scene.case, AT) is None


def test_a_proposal_freezes_the_opinion_and_its_amounts(scene: Scene) -> None:
    proposal = proposed(scene)

    paper = Document.objects.get(case=scene.case, kind="tjansteutlatande")
    content = json.loads(paper.content)
    assert scene.case.step == Step.DECISION
    assert [(row.year, row.use, int(row.amount)) for row in proposal.rows.all()] == ROWS
    assert (proposal.amount, proposal.version, proposal.document) == (Decimal(8_000_000), 1, paper)
    assert content["clauses"] == ["Socialnämnden beviljas 8 000 tkr för åren 2027–2028."]
    assert [section["title"] for section in content["sections"]] == [
        "Sammanfattning",
        "Bakgrund",
        "Ärendet",
        "Ärendets beredning",
        "Stadsledningskontorets synpunkter och förslag",
        "Jämställdhetsanalys",
        "Barnkonsekvenser",
        "Motivering till det föreslagna beslutet",
        "Föreslaget beslut",
        "Föreslagna belopp",
    ]


def test_an_opinion_that_changed_while_it_was_read_is_not_proposed(scene: Scene) -> None:
    checked(scene)
    write_opinion(scene)

    with pytest.raises(Refused, match="ändrades medan du läste"):
        actions.propose_decision(scene.case, scene.officer, AT, digest="en äldre")

    assert not Proposal.objects.exists()


def test_whoever_checked_the_calculation_does_not_propose(scene: Scene) -> None:
    checked(scene)
    write_opinion(scene)
    factories.hold(scene.controller, Role.OFFICER)

    said = flow.barred(ACTIONS["propose_decision"], scene.case, scene.controller)

    assert said is not None
    assert "fyra ögon" in said


def test_a_returned_proposal_stays_and_the_next_is_a_new_version(scene: Scene) -> None:
    proposed(scene)
    actions.return_proposal(scene.case, scene.director, AT, reason="Utred lokalkostnaden närmare.")
    write_opinion(scene, outcome=Outcome.PARTLY, rows=ROWS[:1])

    actions.propose_decision(scene.case, scene.officer, AT)

    assert [(it.version, int(it.amount)) for it in scene.case.proposals.all()] == [(2, 4_000_000), (1, 8_000_000)]
    assert scene.case.documents.filter(kind="tjansteutlatande").count() == 2


def test_signing_sends_the_case_to_kommunstyrelsen_by_its_meeting_day(scene: Scene) -> None:
    proposal = proposed(scene)

    actions.sign_decision(scene.case, scene.director, AT)

    decision = Decision.objects.get(case=scene.case)
    assert (scene.case.step, scene.case.due_on) == (Step.BOARD, date(2027, 5, 12))
    assert (decision.kind, decision.outcome, decision.delegation) == ("director", "granted", None)
    assert decision.signed_sha256 == hashlib.sha256(canonical(proposal.signed()).encode()).hexdigest()
    assert ledger.balance(scene.case.fund, Account.GRANTED, scene.case) == 0


def test_signing_something_else_than_was_shown_is_refused(scene: Scene) -> None:
    proposed(scene)

    with pytest.raises(Refused, match="Underlaget har ändrats"):
        actions.sign_decision(scene.case, scene.director, AT, signed_sha256="0" * 64)

    assert scene.case.step == Step.DECISION


def test_a_grant_on_delegation_begins_the_project_and_earmarks_each_row(scene: Scene) -> None:
    held = delegate(scene.director, 10_000_000)
    proposed(scene, route=Route.DELEGATION)

    event = actions.sign_decision(scene.case, scene.director, AT)

    entries = [(e.kind, e.year, e.use, e.namnd, int(e.amount)) for e in event.entries.order_by("id")]
    assert entries == [(EntryKind.GRANTED, year, use, scene.owner, amount) for year, use, amount in ROWS]
    assert scene.case.step == Step.IMPLEMENTATION
    assert Investment.objects.get(case=scene.case).begun_on == date(2027, 3, 1)
    decision = Decision.objects.get(case=scene.case)
    assert (decision.delegation, decision.legal_ground) == (held, "Delegation, punkt 3.2 i delegationsordningen")


def test_a_rejection_on_delegation_ends_the_case(scene: Scene) -> None:
    delegate(scene.director, 1)
    proposed(scene, route=Route.DELEGATION, outcome=Outcome.REJECTED)

    actions.sign_decision(scene.case, scene.director, AT)

    assert (scene.case.step, scene.case.closed_because) == (Step.REJECTED, "Avslag på ansökan")
    assert not scene.case.entries.exists()


def test_a_delegation_below_the_amount_stops_the_signature_with_words(scene: Scene) -> None:
    delegate(scene.director, 7_999_999)
    proposed(scene, route=Route.DELEGATION)

    with pytest.raises(Refused, match="Ingen delegation gäller i dag"):
        actions.sign_decision(scene.case, scene.director, AT)


def test_anothers_delegation_is_not_the_signers(scene: Scene) -> None:
    delegate(factories.user(Role.DIRECTOR))
    proposed(scene, route=Route.DELEGATION)

    with pytest.raises(Refused, match="Din delegation gäller inte i dag"):
        actions.sign_decision(scene.case, scene.director, AT)


def test_a_delegation_that_has_run_out_counts_no_more(scene: Scene) -> None:
    held = delegate(scene.director)
    held.valid_to = date(2027, 3, 1)
    held.save()
    proposed(scene, route=Route.DELEGATION)

    assert needs.delegation_is_valid(scene.case, AT) is None
    assert needs.delegation_is_valid(scene.case, later(1)) is not None


def test_the_proposer_never_signs(scene: Scene) -> None:
    proposed(scene)
    factories.hold(scene.officer, Role.DIRECTOR)

    with pytest.raises(Refused, match="fyra ögon"):
        actions.sign_decision(scene.case, scene.officer, AT)
