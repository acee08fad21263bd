"""From kommunstyrelsen's decision to a closed and weeded file: receipts, the checklist, and what is taken away."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from fundportal import actions as kernel
from fundportal import closing, documents, flow, reminders, todo
from fundportal.models import Case, Document, Draft, DraftVersion, Event, Letter, Party, Upload, User
from fundportal.process import Role, Step
from repayment import actions
from repayment.models import Adjustment, AdjustmentReceipt
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import Scene, all_promises, day, refused, tkr

pytestmark = pytest.mark.django_db
KS = date(2025, 6, 18)


@pytest.fixture
def it() -> Scene:
    """C1, asked for by key and decided: eleven boards are to receive it."""
    done = scene.c1()
    done.decide(11_600)
    done.reconcile(2020, 11_600)
    actions.complete_repayment(done.case, done.controller, day(2021))
    done.settle(day(2025))
    done.request(scene.key(), day(2025, 4))
    return done


def decide(it: Scene, **given: object) -> Adjustment:
    asked = Adjustment.objects.filter(case=it.case).latest("version")
    rows = scene.decided_rows(asked)
    told = {"meeting_on": KS, "paragraph": "§ 12", "rows": rows, **given}
    actions.record_adjustment(it.case, it.officer, day(2025, 6, 20), **told)
    return asked


def managers(asked: Adjustment) -> list[User]:
    return [factories.user(Role.MANAGER, row.namnd) for row in asked.rows.select_related("namnd")]


@transaction.atomic
def handed_in(case: Case) -> None:
    """The idea has been handed in."""
    event = Event(case=case, action="submit_idea", by_name="Fabriken", at=day(2027), from_step=case.step)
    flow.record(event, data={}, to_step=case.step, tell=False)


def sees(user: User, it: Scene) -> bool:
    return Case.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=it.case.pk).exists()


def test_a_board_of_the_key_sees_the_case_when_its_budget_is_decided_and_not_before(it: Scene) -> None:
    manager, applicant = (
        factories.user(role, Adjustment.objects.get().rows.all()[0].namnd) for role in ("manager", "applicant")
    )
    before = sees(manager, it)

    decide(it)

    assert (before, sees(manager, it), sees(applicant, it)) == (False, True, False)
    assert Party.objects.filter(case=it.case, part=Party.Part.ADJUSTED).count() == 11


def test_each_board_receives_once_and_the_list_counts_them(it: Scene) -> None:
    asked = decide(it)
    first, second = managers(asked)[:2]
    mine, other = (row.namnd for row in asked.rows.all()[:2])

    actions.acknowledge_adjustment(it.case, first, day(2025, 7), namnd=mine, comment="Inlagt i budget 2026.")
    all_promises()

    assert AdjustmentReceipt.objects.get().row.namnd == mine
    assert "Nämnderna har kvitterat: 1\u00a0av\u00a011" in [str(point.label) for point in closing.checklist(it.case)]
    again = refused(lambda: actions.acknowledge_adjustment(it.case, first, day(2025, 7), namnd=mine))
    elsewhere = asked.rows.all()[5].namnd
    wrong = refused(lambda: actions.acknowledge_adjustment(it.case, second, day(2025, 7), namnd=elsewhere))
    assert "bara en gång" in again[0]
    assert "Kvittensen lämnas av en chef" in wrong[0]
    assert cast(Any, todo.todo(User.objects.get(pk=second.pk)).get()).turn == "acknowledge_adjustment"
    assert not todo.todo(User.objects.get(pk=first.pk)).exists()
    assert other != mine


def test_a_board_that_has_not_received_is_reminded_and_one_that_has_is_not(it: Scene) -> None:
    asked = decide(it)
    first, *rest = managers(asked)
    actions.acknowledge_adjustment(it.case, first, day(2025, 7), namnd=asked.rows.all()[0].namnd)

    reminders.remind(date(2025, 6, 20) + timedelta(days=30))

    reminded = set(Letter.objects.filter(subject__contains="Kvittera").values_list("user", flat=True))
    assert reminded == {user.pk for user in rest}


def test_the_case_is_closed_when_all_have_received_or_it_is_said_why_not(it: Scene) -> None:
    early = refused(lambda: actions.close_case(it.case, it.officer, day(2025, 7)))
    decide(it)
    waits = refused(lambda: actions.close_case(it.case, it.officer, day(2025, 7)))

    actions.close_case(it.case, it.officer, day(2025, 8), without_receipts="Nämnderna har kvitterat i e-post.")

    assert "beslut om budgetjusteringen är inte registrerat" in early[0]
    assert "har inte kvitterat" in waits[0]
    assert (it.case.step, it.case.closed_because) == (Step.CLOSED, "Budgeten justerad, KS § 12")
    assert "Nämnderna har kvitterat i e-post." in Document.objects.get(case=it.case, kind="closing").content


def test_nothing_is_asked_for_or_decided_after_the_decision(it: Scene) -> None:
    asked = decide(it)

    assert refused(lambda: it.request(asked.key, day(2025, 7))) == ["Kommunstyrelsens beslut är redan registrerat."]


def test_without_an_evaluation_nothing_is_closed_without_an_adjustment() -> None:
    it = scene.c2()
    bare = factories.case(Step.SETTLEMENT, owner=it.board, at=day(2019, 12))

    told = refused(lambda: Scene(bare, it.board).settle(day(2021), adjusts=False, target=""))

    assert told == ["Utvärderingen är inte inlämnad."]


def test_a_board_may_have_its_own_year_source_and_duration(it: Scene) -> None:
    key = Adjustment.objects.get().key
    assert key is not None
    own = key.weights.all()[2].namnd
    differs = [{"namnd": own, "first_year": 2027, "permanent": False, "finance": "donation"}]

    it.request(key, day(2025, 5), exceptions=differs)

    rows = {row.namnd_id: row for row in Adjustment.objects.latest("version").rows.all()}
    assert (rows[own.pk].first_year, rows[own.pk].permanent, rows[own.pk].finance) == (2027, False, "donation")
    assert {row.first_year for pk, row in rows.items() if pk != own.pk} == {2025}
    text = Document.objects.filter(case=it.case, kind="adjustment").latest("version").content
    assert "donationsfonder 256\u00a0tkr" in text
    assert f"För {own.name} gäller sänkningen från 2027, engångsvis." in text


def test_terms_for_a_board_outside_the_key_and_an_unnamed_source_are_stopped(it: Scene) -> None:
    key = Adjustment.objects.get().key
    outside = [{"namnd": it.board, "first_year": 2026, "permanent": True, "finance": "own"}]

    assert "har ingen del i sänkningen" in refused(lambda: it.request(key, day(2025, 5), exceptions=outside))[0]
    assert "den andra finansieringskällan" in refused(lambda: it.request(key, day(2025, 5), finance="other"))[0]


def test_another_amount_than_the_settlements_has_a_reason(it: Scene) -> None:
    key = Adjustment.objects.get().key

    told = refused(lambda: it.request(key, day(2025, 5), amount=tkr(3000)))
    it.request(key, day(2025, 5), amount=tkr(3000), amount_reason="200 tkr är redan sänkt i budget 2024.")

    assert told == [
        "Slutavstämningen visar 3\u00a0200\u00a0tkr lägre kostnad per år, "
        "men begäran gäller 3\u00a0000\u00a0tkr. Skriv varför."
    ]
    assert sum(row.amount for row in Adjustment.objects.latest("version").rows.all()) == Decimal(3_000_000)


def test_a_decision_that_moves_a_year_differs_from_the_request(it: Scene) -> None:
    rows = scene.decided_rows(Adjustment.objects.get(), first_year=2026)

    assert "skiljer sig" in refused(lambda: decide(it, rows=rows))[0]


def test_archiving_weeds_what_was_never_handed_in_and_says_what() -> None:
    officer, writer = factories.user(Role.OFFICER), factories.user()
    case = factories.case(Step.WITHDRAWN)
    draft = Draft.objects.create(
        case=case, sheet="idea", part="behov", answers={"need": "Ett utkast."}, saved_at=day(2027), saved_by=writer
    )
    DraftVersion.objects.create(draft=draft, version=1, answers={}, saved_at=day(2027), saved_by=writer)
    loose = documents.store(case, writer, day(2027), "idea", SimpleUploadedFile("lös.txt", b"text"))

    changed = refused(lambda: kernel.archive(case, officer, day(2027, 4), weeded=True))
    kernel.archive(case, officer, day(2027, 4), weeded=True, drafts=1, loose_files=1)

    assert "har ändrats sedan du såg listan" in changed[0]
    assert not Draft.objects.filter(case=case).exists()
    assert not case.uploads.exists()
    paper = Document.objects.get(case=case, kind="weeding")
    assert "idea/behov" in paper.content
    assert "lös.txt" in paper.content
    assert case.events.latest("no").data["drafts"] == 1
    assert not Upload.objects.filter(pk=loose.pk).exists()


def test_what_was_handed_in_is_kept_as_it_was_written_but_not_its_earlier_versions() -> None:
    officer, writer = factories.user(Role.OFFICER), factories.user()
    case = factories.case(Step.WITHDRAWN)
    handed_in(case)
    draft = Draft.objects.create(case=case, sheet="idea", part="behov", saved_at=day(2027), saved_by=writer)
    DraftVersion.objects.create(draft=draft, version=1, answers={}, saved_at=day(2027), saved_by=writer)

    kernel.archive(case, officer, day(2027, 4), weeded=True, drafts=1)

    assert Draft.objects.filter(case=case).count() == 1
    assert not DraftVersion.objects.exists()


def test_r13_what_kommunstyrelsen_decides_is_told_for_each_source_of_finance(it: Scene, client: Client) -> None:
    """KS 2015-06-17: 24,1 mnkr from central medelsreserv 2, 10,0 from donationsfonder, 1,7 by omdisponering."""
    key = Adjustment.objects.get().key
    it.request(key, day(2025, 5), amount=tkr(35_800), amount_reason="Beloppen i kommunstyrelsens beslut 2015.")
    asked = Adjustment.objects.latest("version")
    sources = [(24_100, "reserve2"), (10_000, "donation"), (1_700, "reallocation"), *[(0, "own")] * 8]
    rows = [
        row | {"amount": tkr(amount), "finance": finance}
        for row, (amount, finance) in zip(scene.decided_rows(asked), sources, strict=True)
    ]

    decide(it, rows=rows, note="Tre nämnder i stället för elva.")

    client.force_login(it.officer)
    page = client.get(it.case.get_absolute_url()).content.decode().replace("\u00a0", " ")
    told = re.findall(r"<dt>([^<]+)</dt><dd class=\"fp-num\">−([\d ]+ tkr)</dd>", page.split('id="per-kalla"')[1])
    assert told[:3] == [
        ("Central medelsreserv 2", "24 100 tkr"),
        ("Donationsfonder", "10 000 tkr"),
        ("Omdisponering", "1 700 tkr"),
    ]
    assert "−35 800 tkr" in page
