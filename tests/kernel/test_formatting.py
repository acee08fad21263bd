"""How the product writes Swedish."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundportal import formatting as f
from fundportal.models import Namnd

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f.kronor(Decimal("8400000.00")), "8 400 000 kr"),
        (f.kronor(0), "0 kr"),
        (f.kronor(-1500), "−1 500 kr"),
        (f.kronor(Decimal("1.50")), "1,50 kr"),
        (f.kronor(None), "–"),
        (f.tkr(8_400_000), "8 400 tkr"),
        (f.tkr(None), "–"),
        (f.mnkr(8_400_000), "8,4 mnkr"),
        (f.mnkr(Decimal(122_600_000)), "122,6 mnkr"),
        (f.mnkr(None), "–"),
        (f.percent(31), "31 %"),
        (f.percent(Decimal("33.30")), "33,3 %"),
        (f.percent(100), "100 %"),
        (f.percent(Decimal("33.333"), 1), "33,3 %"),
        (f.percent(None), "–"),
        (f.share(1, 3), "33 %"),
        (f.share(1, 0), "–"),
        (f.number(Decimal("0.5")), "1"),
        (f.day(date(2026, 12, 4)), "4 december 2026"),
        (f.day(None), "–"),
        (f.day_short(date(2026, 12, 4), TODAY), "4 dec"),
        (f.day_short(date(2028, 3, 1), TODAY), "1 mar 2028"),
        (f.day_short(None), "–"),
        (f.weekday(date(2026, 12, 4)), "fredag 4 december 2026"),
        (f.weekday(None), "–"),
        (f.filesize(999), "999 byte"),
        (f.filesize(84_000), "84 kB"),
        (f.filesize(1_234_567), "1,2 MB"),
        (f.filesize(None), "–"),
        (f.counted(1, "uppgift", "uppgifter"), "En uppgift"),
        (f.counted(1, "~ärende", "~ärenden"), "Ett ärende"),
        (f.counted(3, "uppgift", "uppgifter"), "Tre uppgifter"),
        (f.counted(13, "uppgift", "uppgifter"), "13 uppgifter"),
        (f.in_words(["a", "b", "c"]), "a, b och c"),
        (f.in_words(["a"]), "a"),
        (f.in_words([]), ""),
    ],
)
def test_amounts_days_and_counts_are_written_with_unbroken_spaces(written: str, expected: str) -> None:
    assert written.replace(f.NBSP, " ") == expected


def test_no_amount_can_break_across_lines() -> None:
    assert " " not in f.kronor(8_400_000) + f.mnkr(8_400_000) + f.day(TODAY)


@pytest.mark.parametrize(
    ("day", "expected", "state"),
    [
        (date(2026, 11, 24), "i dag", "soon"),
        (date(2026, 11, 25), "i morgon", "soon"),
        (date(2026, 11, 26), "i övermorgon", "soon"),
        (date(2026, 12, 1), "om 7 dagar", "soon"),
        (date(2026, 12, 2), "om 8 dagar", "ok"),
        (date(2026, 11, 23), "1 dag försenad", "late"),
        (date(2026, 11, 20), "4 dagar försenad", "late"),
    ],
)
def test_a_deadline_says_how_far_off_it_is(day: date, expected: str, state: str) -> None:
    assert f.relative_day(day, TODAY).replace(f.NBSP, " ") == expected
    assert f.due_state(day, TODAY) == state


def test_no_deadline_is_nothing_to_worry_about() -> None:
    assert (f.relative_day(None), f.due_state(None), f.ago(None)) == ("–", "ok", "–")


def test_what_has_happened_says_how_long_ago() -> None:
    past = [f.ago(day, TODAY).replace(f.NBSP, " ") for day in (TODAY, date(2026, 11, 23), date(2026, 11, 20))]

    assert past == ["i dag", "i går", "för 4 dagar sedan"]


def test_a_moment_is_told_in_the_city_s_time() -> None:
    winter, summer = datetime(2026, 11, 20, 13, 12, tzinfo=UTC), datetime(2026, 7, 1, 22, 30, tzinfo=UTC)

    assert f.moment(winter).replace(f.NBSP, " ") == "20 november 2026 kl. 14.12"
    assert f.moment(summer).replace(f.NBSP, " ") == "2 juli 2026 kl. 00.30"
    assert f.iso(winter) == "2026-11-20T13:12:00+00:00"
    assert (f.moment(None), f.clock(None), f.iso(None)) == ("–", "–", "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Maria Lindqvist", "ML"), ("Åsa af Öberg", "ÅÖ"), ("Per-Ola Ek", "PE"), ("Cher", "C"), ("", "?")],
)
def test_initials(name: str, expected: str) -> None:
    assert f.initials(name) == expected


def test_swedish_letters_sort_last() -> None:
    words = ["Öst", "ala", "Ängs", "Årsta", "Zon", "örn"]

    assert sorted(words, key=f.sort_key) == ["ala", "Zon", "Årsta", "Ängs", "örn", "Öst"]


def test_the_database_sorts_as_python_does(db: None) -> None:
    names = ["Östermalm", "Bromma", "Älvsjö", "Årsta", "Zinken", "öland"]
    for number, name in enumerate(names):
        Namnd.objects.create(
            name=name, short=name, code=f"sort-{number}", kind=Namnd.Kind.DISTRICT, active_from=date(2020, 1, 1)
        )

    ours = Namnd.objects.filter(code__startswith="sort-").order_by(f.SwedishOrder("name"))

    assert list(ours.values_list("name", flat=True)) == sorted(names, key=f.sort_key)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_a_written_amount_can_be_read_back(amount: int) -> None:
    text = f.kronor(amount)

    assert int(text.removesuffix(f"{f.NBSP}kr").replace(f.NBSP, "").replace(f.MINUS, "-")) == amount


def test_markdown_lets_through_what_is_allowed() -> None:
    html = f.markdown("**fet** och *lutad* [länk](https://example.org)\n\n- ett\n- två\n\n> citat")

    assert html == (
        "<p><strong>fet</strong> och <em>lutad</em> "
        '<a href="https://example.org" rel="noopener noreferrer">länk</a></p>\n'
        "<ul>\n<li>ett</li>\n<li>två</li>\n</ul>\n<blockquote>\n<p>citat</p>\n</blockquote>\n"
    )


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "# rubrik",
        "![bild](https://example.org/x.png)",
        '[x](https://example.org "t" onclick=alert(1))',
    ],
)
def test_markdown_lets_through_nothing_else(attack: str) -> None:
    html = f.markdown(attack)

    assert not re.search(r"<script|<img|<h1|<[^>]*(javascript|onclick)", html)


@given(st.text())
def test_markdown_never_makes_a_script_or_a_handler(text: str) -> None:
    html = f.markdown(text)

    assert "<script" not in html.lower()
    assert "<style" not in html.lower()


def test_nothing_written_is_nothing_shown() -> None:
    assert f.markdown(None) == ""
