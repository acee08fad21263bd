"""The city reorganises: boards are added and end, others take over, and it all stands in the house's history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fundportal import boards, chain
from fundportal.errors import Refused
from fundportal.models import Case, Event, Namnd, User
from fundportal.process import Role, Step
from tests import factories
from tests.kernel.access_scene import NOW, TODAY, browser, fresh
from tests.test_queries import questions

pytestmark = pytest.mark.django_db

JUNE = date(2028, 6, 30)
JULY = JUNE + timedelta(days=1)
NEW = {"name": "Västra nämnden", "short": "Västra", "code": "VAS", "kind": "sdn", "email": "", "active_from": JULY}


@pytest.fixture
def petra() -> User:
    return factories.user(Role.ADMINISTRATOR)


def end(
    by: User, namnd: Namnd, last_day: date | None = JUNE, heir: Namnd | None = None, decision: str = "KF § 4"
) -> None:
    boards.end(by, NOW, namnd, last_day=last_day, successor=heir, decision=decision)


def told() -> list[str]:
    """What the house's chain says was done to boards."""
    rows = Event.objects.filter(action__in=boards.DONE).order_by("no")
    return list(rows.values_list("action", flat=True))


def test_a_board_is_added_ends_with_a_successor_and_is_put_back(petra: User) -> None:
    old = factories.namnd("Norra nämnden")
    new = boards.add(petra, NOW, **NEW, decision="KF 2028-01-10 § 3")
    end(petra, old, heir=new)
    ended = Namnd.objects.get(pk=old.pk)
    end(petra, old, last_day=None, decision="Skrevs fel.")

    assert (ended.active_to, ended.successor) == (JUNE, new)
    assert not ended.exists_on(JULY)
    assert new.exists_on(JULY)
    back = Namnd.objects.get(pk=old.pk)
    assert (back.active_to, back.successor) == (None, None)
    assert told() == ["add_namnd", "end_namnd", "keep_namnd"]
    assert chain.verify(None) == []


def test_a_day_that_was_wrong_is_said_anew_and_the_history_keeps_both(petra: User) -> None:
    old, heir = factories.namnd(), factories.namnd()
    end(petra, old, heir=heir)
    end(petra, old, last_day=date(2020, 6, 30), heir=heir, decision="KF § 5, rättad")

    last = Event.objects.filter(action="end_namnd").latest("no")
    assert last.data["last_day"] == "2020-06-30"
    assert last.data["was"] == {"last_day": "2028-06-30", "successor": heir.pk}


def refused(act: Any) -> str:
    """The answer that an act was refused for."""
    with pytest.raises(Refused) as why:
        act()
    assert why.value.reasons[0].endswith(".")
    return why.value.field


def test_an_ending_is_refused_until_it_is_decided_and_hangs_together(petra: User) -> None:
    old = factories.namnd(active_from=date(2020, 1, 1))
    gone, later = factories.namnd(active_to=JUNE), factories.namnd(active_from=JULY + timedelta(days=1))
    heir = factories.namnd(successor=old)

    assert refused(lambda: end(petra, old, decision="  ")) == "decision"
    assert refused(lambda: end(petra, old, date(2019, 12, 31))) == "last_day"
    assert refused(lambda: end(petra, old, heir=old)) == "successor"
    assert refused(lambda: end(petra, old, heir=gone)) == "successor"
    assert refused(lambda: end(petra, old, heir=later)) == "successor"
    assert refused(lambda: end(petra, old, heir=heir)) == "successor", "ingen tar över efter den som tar över"
    assert refused(lambda: end(petra, old, None, heir)) == "successor"
    assert refused(lambda: end(petra, old, None)) == ""
    assert told() == []


def test_a_board_that_took_over_is_there_the_day_after(petra: User) -> None:
    heir = factories.namnd(active_from=date(2020, 1, 1))
    factories.namnd("Gamla nämnden", active_to=JUNE, successor=heir)
    given = {"name": heir.name, "short": heir.short, "email": ""}

    assert refused(lambda: end(petra, heir, JUNE)) == "last_day"
    moved = JULY + timedelta(days=1)
    assert refused(lambda: boards.change(petra, NOW, heir, **given, active_from=moved)) == "active_from"
    end(petra, heir, JULY)
    assert told() == ["end_namnd"]


def test_an_abbreviation_is_one_boards(petra: User) -> None:
    boards.add(petra, NOW, **NEW, decision="KF § 3")

    assert refused(lambda: boards.add(petra, NOW, **NEW | {"code": "vas"}, decision="KF § 3")) == "code"
    assert refused(lambda: boards.add(petra, NOW, **NEW | {"code": "OST2"}, decision="")) == "decision"


def test_a_new_name_is_recorded_and_the_same_is_not(petra: User) -> None:
    namnd = factories.namnd("Norra nämnden")
    given = {"short": namnd.short, "email": "", "active_from": namnd.active_from}
    boards.change(petra, NOW, namnd, name="Nya norra nämnden", **given)
    boards.change(petra, NOW, namnd, name="Nya norra nämnden", **given)

    assert told() == ["change_namnd"]
    assert Event.objects.get(action="change_namnd").data["was"] == {"name": "Norra nämnden"}


def test_only_an_administrator_keeps_the_boards() -> None:
    officer, namnd = factories.user(Role.OFFICER), factories.namnd()

    for act in (lambda: end(officer, namnd), lambda: boards.add(officer, NOW, **NEW, decision="KF § 3")):
        with pytest.raises(Refused, match="administratör"):
            act()
    assert Namnd.objects.get(pk=namnd.pk).active_to is None
    assert not Namnd.objects.filter(code="VAS").exists()


def test_whoever_sat_on_a_board_that_has_ended_still_reads_its_cases(petra: User) -> None:
    case = factories.case(Step.PREPARATION)
    amina = factories.user(Role.APPLICANT, case.owner)
    end(petra, case.owner, TODAY - timedelta(days=1))

    assert list(Case.objects.visible_to(fresh(amina))) == [case]
    told = {it.label: it.count for it in boards.touched(case.owner)}
    assert (told["Öppna ärenden som nämnden äger"], told["Personer med roll i nämnden"]) == (1, 1)


def send(client: Client, namnd: Namnd, do: str, **given: str) -> Any:
    return client.post(reverse("board", kwargs={"pk": namnd.pk}), {"do": do, **given})


def test_the_administrator_adds_ends_and_puts_back_on_the_pages(petra: User) -> None:
    client, old = browser(petra), factories.namnd("Norra nämnden")
    given = {name: str(value) for name, value in NEW.items()}
    wrong = client.post(reverse("board_new"), given)
    client.post(reverse("board_new"), given | {"decision": "KF § 3"})
    new = Namnd.objects.get(code="VAS")
    ending = {"slut-last_day": JUNE.isoformat(), "slut-successor": str(new.pk), "slut-decision": "KF § 4"}
    unsaid = send(client, old, "end", **ending | {"slut-successor": ""})
    early = send(client, old, "end", **ending | {"slut-last_day": "2028-05-31"})
    done = send(client, old, "end", **ending)

    assert [it.status_code for it in (wrong, unsaid, early, done)] == [422, 422, 422, 302]
    assert "dagen efter den sista" in early.content.decode()
    assert 'value="2028-05-31"' in early.content.decode(), "det som skrevs står kvar"
    shown = client.get(reverse("board", kwargs={"pk": new.pk})).content.decode()
    assert "Norra nämnden" in shown
    send(client, old, "keep", **{"kvar-decision": "Fel nämnd."})
    assert Namnd.objects.get(pk=old.pk).active_to is None
    assert chain.verify(None) == []


def test_what_was_typed_is_there_when_one_has_logged_in_again(petra: User) -> None:
    client, namnd = browser(petra), factories.namnd()
    address = reverse("board", kwargs={"pk": namnd.pk})
    client.get(address)
    session = client.session
    session["kept"] = {"by": str(petra.pk), "path": address, "typed": "do=end&slut-decision=KF+2028+%C2%A7+77"}
    session.save()

    shown = client.get(address).content.decode()
    assert "KF 2028 § 77" in shown
    assert "Det du skrev finns kvar" in shown


def test_the_list_is_read_by_the_auditor_too_and_asks_as_much_for_many_boards(petra: User) -> None:
    auditor, heir, client = factories.user(Role.AUDITOR), factories.namnd(), browser(petra)
    few = questions(client, reverse("boards"))
    for number in range(8):
        ended = factories.namnd(f"Nämnd som upphört {number}", active_to=date(2020, 6, 30), successor=heir)

    assert questions(client, reverse("boards")) == few
    read = browser(auditor).get(reverse("boards"))
    assert ended.name in read.content.decode()
    assert reverse("board", kwargs={"pk": ended.pk}) not in read.content.decode()
    for name, given in (("board", {"pk": ended.pk}), ("board_new", {})):
        assert browser(auditor).get(reverse(name, kwargs=given)).status_code == 403
    assert browser(factories.user(Role.OFFICER)).get(reverse("boards")).status_code == 403
