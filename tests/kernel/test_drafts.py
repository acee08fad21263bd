"""Drafts: every field is saved beside what others write; nothing is written over unseen, and all can be had back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from applications.sheets import IDEA
from fundportal import keeping, merging
from fundportal.keeping import Clashed, Writing
from fundportal.models import Case, Draft, DraftVersion, Substitute, User
from fundportal.process import Role
from tests import factories

FETCH = {"X-Requested-With": "fetch"}
ANSWERS = st.dictionaries(st.sampled_from("abc"), st.text(max_size=5) | st.none() | st.booleans())


@pytest.fixture
def case(db: None) -> Case:
    return factories.case()


@pytest.fixture
def anna(case: Case) -> User:
    return factories.user(Role.APPLICANT, case.owner, first_name="Anna", last_name="Ek")


@pytest.fixture
def bo(case: Case) -> User:
    return factories.user(Role.APPLICANT, case.owner, first_name="Bo", last_name="Lind")


def part(case: Case, slug: str = "behov") -> str:
    return reverse("idea_part", kwargs={"number": case.number, "slug": slug})


def at_the_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stands(case: Case, slug: str = "behov") -> dict[str, object]:
    return dict(Draft.objects.get(case=case, part=slug).answers)


def test_parts_written_at_once_keep_what_they_held_and_clash_with_a_page_that_saw_the_earlier(case, anna) -> None:
    IDEA.save(case, "behov", {"size": "40"}, anna, factories.AT)
    seen = {"size": merging.mark("40")}

    IDEA.save_all(case, {"behov": {"age_from": "6", "size": "45"}, "insats": {"news": "Nytt."}}, anna, factories.AT)

    kept = dict(Draft.objects.filter(case=case).values_list("part", "answers"))
    assert kept == {"behov": {"size": "45", "age_from": "6"}, "insats": {"news": "Nytt."}}
    with pytest.raises(Clashed, match="medan du skrev"):
        IDEA.write(case, "behov", Writing({"size": "50"}, anna, factories.AT, seen))


def test_two_people_in_different_fields_of_a_part_never_clash(case, anna, bo) -> None:
    first, second = at_the_desk(anna), at_the_desk(bo)
    nothing = merging.mark(None)
    whole = {f"_seen-{name}": nothing for name in ("need", "target_group")}

    first.post(part(case), {**whole, "need": "Annas text", "target_group": ""})
    answer = second.post(part(case), {**whole, "need": "", "target_group": "Bos text"})

    assert answer.status_code == 302
    assert stands(case)["need"] == "Annas text"
    assert stands(case)["target_group"] == "Bos text"


def test_the_later_of_two_in_one_field_sees_both_and_writes_over_nothing(case, anna, bo) -> None:
    seen = {"_seen-need": merging.mark(None)}
    at_the_desk(anna).post(part(case), {**seen, "need": "Annas text"})

    answer = at_the_desk(bo).post(part(case), {**seen, "need": "Bos text", "size": "12"})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Anna Ek ändrade ”Behov och problem”" in page
    assert page.count("Annas text") == 1
    assert page.count("Bos text") == 2  # in the field, and beside Anna's
    assert stands(case) == {"need": "Annas text", "size": "12"}, "bara det omstridda fältet är osparat"


@pytest.mark.parametrize(("whose", "stays"), [("mine", "Bos text"), ("theirs", "Annas text")])
def test_the_one_who_chooses_decides_and_what_gave_way_can_be_had_back(case, anna, bo, whose, stays) -> None:
    seen = {"_seen-need": merging.mark(None)}
    at_the_desk(anna).post(part(case), {**seen, "need": "Annas text"})

    choice = {"_choose-need": f"{whose}:{merging.mark('Annas text')}"}
    answer = at_the_desk(bo).post(part(case), {**seen, **choice, "need": "Bos text"})

    assert answer.status_code == 302
    assert stands(case) == {"need": stays}
    kept = [version.answers for version in DraftVersion.objects.all()]
    assert kept == ([{"need": "Annas text"}] if whose == "mine" else [])


def test_a_choice_holds_only_against_the_words_it_was_made_against(case, anna, bo) -> None:
    at_the_desk(anna).post(part(case), {"need": "Ändrad igen"})

    choice = {"_seen-need": merging.mark(None), "_choose-need": f"mine:{merging.mark('Annas text')}"}
    answer = at_the_desk(bo).post(part(case), {**choice, "need": "Bos text"})

    assert answer.status_code == 409
    assert stands(case) == {"need": "Ändrad igen"}


def test_the_script_saves_one_field_and_is_told_its_mark_time_and_warnings(case, anna) -> None:
    IDEA.save(case, "behov", {"target_group": "Alla"}, anna, factories.AT)

    body = {"_field": "need", "need": "Ring 811228-9874.", "_seen-need": merging.mark(None)}
    answer = at_the_desk(anna).post(part(case), body, headers=FETCH).json()

    assert answer["saved"] is True
    assert answer["marks"] == {"need": merging.mark("Ring 811228-9874.")}
    assert "ser ut att innehålla ett personnummer" in answer["warnings"]["need"]
    assert answer["clock"].startswith("kl.")
    assert stands(case) == {"target_group": "Alla", "need": "Ring 811228-9874."}


def test_the_script_is_given_both_versions_and_then_the_field_of_the_one_chosen(case, anna, bo) -> None:
    desk, seen = at_the_desk(bo), {"_field": "need", "_seen-need": merging.mark(None)}
    IDEA.save(case, "behov", {"need": "Annas text"}, anna, factories.AT)

    clash = desk.post(part(case), {**seen, "need": "Bos text"}, headers=FETCH)
    choice = {"_choose-need": f"theirs:{merging.mark('Annas text')}"}
    chosen = desk.post(part(case), {**seen, **choice, "need": "Bos text"}, headers=FETCH).json()

    assert clash.status_code == 409
    assert "Annas text" in clash.json()["clashes"]["need"]
    assert "Bos text" in clash.json()["clashes"]["need"]
    assert "Annas text" in chosen["fields"]["need"]
    assert chosen["marks"]["need"] == merging.mark("Annas text")


def test_what_one_person_wrote_is_not_saved_in_another_s_name(case, anna, bo) -> None:
    body = {"_writer": str(anna.pk), "need": "Annas text"}

    by_script = at_the_desk(bo).post(part(case), body, headers=FETCH)
    without = at_the_desk(bo).post(part(case), body)

    assert (by_script.status_code, without.status_code) == (409, 409)
    assert by_script.json()["other"] is True
    assert "Du är inloggad som Bo Lind" in by_script.json()["message"]
    assert "Annas text" in without.content.decode()
    assert f'name="_writer" value="{bo.pk}"' in without.content.decode()
    assert not Draft.objects.filter(case=case, part="behov").exists()


def test_an_earlier_version_is_read_and_taken_back(case, anna, bo) -> None:
    IDEA.save(case, "behov", {"need": "Den första texten.", "size": "40"}, anna, factories.AT)
    IDEA.save(case, "behov", {"need": "Den andra."}, bo, factories.AT + timedelta(minutes=1))
    desk = at_the_desk(anna)
    page = reverse("idea_earlier", kwargs={"number": case.number, "slug": "behov"})

    assert "Den första texten." in desk.get(page).content.decode()
    desk.post(page, {"version": "1"})

    assert stands(case) == {"need": "Den första texten.", "size": "40"}
    assert "Den andra." in desk.get(page).content.decode(), "det som gällde nyss finns bland de tidigare"


def test_writing_on_keeps_a_version_now_and_then_and_whenever_much_is_taken_away(case, anna) -> None:
    def write(text: str, minutes: int) -> int:
        IDEA.save(case, "behov", {"need": text}, anna, factories.AT + timedelta(minutes=minutes))
        return DraftVersion.objects.count()

    kept = [write("x" * 100, 0), write("x" * 101, 1), write("x" * 102, 2), write("", 3), write("nytt", 30)]

    assert kept == [0, 1, 1, 2, 2]


def test_only_so_many_versions_are_kept_and_not_for_ever(case, anna, bo) -> None:
    for turn in range(keeping.MOST_VERSIONS + 5):
        who = (anna, bo)[turn % 2]
        IDEA.save(case, "behov", {"need": f"Text {turn}"}, who, factories.AT + timedelta(minutes=turn))
    assert DraftVersion.objects.count() == keeping.MOST_VERSIONS

    keeping.forget_old(factories.AT + timedelta(days=100))
    assert DraftVersion.objects.count() == 0


def test_saving_what_already_stands_changes_nothing(case, anna, bo) -> None:
    IDEA.save(case, "behov", {"need": "En rad\nen till", "size": "40"}, anna, factories.AT)
    digest = IDEA.filled(case).digest

    at_the_desk(bo).post(part(case), {"need": "En rad\r\nen till", "size": "40", "gender": ""})

    assert IDEA.filled(Case.objects.get(pk=case.pk)).digest == digest


@given(stored=ANSWERS, mine=ANSWERS, base=ANSWERS)
def test_no_field_that_another_has_changed_is_written_over(stored, mine, base) -> None:
    seen = {name: merging.mark(base.get(name)) for name in "abc"}

    change, clashes = merging.merge(stored, mine, seen)

    for name in change:
        assert merging.mark(stored.get(name)) == seen[name]
    for name in clashes:
        marks = {merging.mark(it.get(name)) for it in (stored, mine, base)}
        assert len(marks) == 3
    assert not set(change) & set(clashes)


@given(stored=ANSWERS, mine=ANSWERS, base=ANSWERS)
def test_every_change_a_person_made_is_saved_or_shown(stored, mine, base) -> None:
    change, clashes = merging.merge(stored, mine, {name: merging.mark(base.get(name)) for name in "abc"})

    for name, value in mine.items():
        if merging.mark(value) != merging.mark(base.get(name)):
            assert name in change or name in clashes or merging.mark(stored.get(name)) == merging.mark(value)


def test_who_writes_for_another_binds_them_both(case: Case) -> None:
    absent = factories.user(Role.APPLICANT, case.owner)
    stand_in = factories.user()
    today = timezone.localdate()
    Substitute.objects.create(
        person=absent,
        substitute=stand_in,
        starts_on=today,
        ends_on=today,
        reason="Semester",
        made_by=absent,
        made_at=factories.AT,
    )

    IDEA.save(case, "behov", {"size": "40"}, stand_in, factories.AT)
    IDEA.save_all(case, {"insats": {"news": "Nytt."}}, stand_in, factories.AT)

    for draft in Draft.objects.filter(case=case):
        assert set(draft.written_by.values_list("pk", flat=True)) == {stand_in.pk, absent.pk}
    assert IDEA.filled(case).writers() == {stand_in.pk, absent.pk}
