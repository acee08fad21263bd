"""Charts: valid SVG, numbers with a dot, Swedish words, nothing inline that the CSP forbids."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundportal import charts
from fundportal.charts import Part, Series

YEARS = ["2025", "2026", "2027"]
PLAN = Series("Plan", [Decimal(4_000_000), 2_500_000, 0], "c3")
CAME = Series("Utfall", [3_500_000, 0, 0], "c2")
PARTS = [Part("Intecknat & bundet", 92_400_000, "c1", "/fonden/?a=1&b=2"), Part("Disponibelt", 207_600_000, "c4")]
AMOUNTS = st.lists(st.integers(min_value=0, max_value=10**10), min_size=1, max_size=12)


def drawings(html: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html)]  # noqa: S314 -- our own


def drawn() -> dict[str, str]:
    return {
        "columns": charts.columns(YEARS, [PLAN, CAME], "Per år"),
        "plan_and_outcome": charts.plan_and_outcome(YEARS, PLAN, CAME, "Plan och utfall"),
        "stacked": charts.stacked(PARTS, "Fondens medel"),
        "gathered": charts.gathered(YEARS, [PLAN, CAME], Series("Sökt", [5_000_000] * 3), "Ackumulerat"),
        "tornado": charts.tornado([charts.Bar("Antal", -2_000_000, 3_000_000, "32", "48")], 500_000, "Avgör"),
        "nothing gathered": charts.gathered([], [], Series("Sökt", []), "Tomt"),
        "no tornado": charts.tornado([], 0, "Tomt"),
        "nothing": charts.columns([], [Series("Inget", [])], "Tomt"),
        "zero": charts.stacked([Part("Inget", 0)], "Tomt"),
    }


@pytest.mark.parametrize("name", list(drawn()))
def test_every_chart_has_a_title_and_a_description(name: str) -> None:
    for svg in drawings(drawn()[name]):
        assert svg.attrib["role"] == "img"
        assert svg.findtext("{*}title")
        assert svg.find("{*}desc") is not None


@pytest.mark.parametrize("name", list(drawn()))
def test_no_attribute_holds_a_comma_or_anything_inline(name: str) -> None:
    html = drawn()[name]

    assert "style=" not in html
    for svg in drawings(html):
        for shape in svg.iter():
            for attribute in ("x", "y", "width", "height", "x1", "x2", "y1", "y2"):
                float(shape.attrib.get(attribute, "0"))


def test_a_chart_is_drawn_for_desktop_and_for_phone() -> None:
    wide, narrow = drawings(charts.columns(YEARS, [PLAN, CAME], "Per år"))

    assert (wide.attrib["width"], narrow.attrib["width"]) == ("560", "340")
    assert "fp-wide" in wide.attrib["class"]
    assert "fp-narrow" in narrow.attrib["class"]


def test_the_description_says_the_sums() -> None:
    wide = drawings(charts.columns(YEARS, [PLAN, CAME], "Per år"))[0]

    assert (wide.findtext("{*}desc") or "").replace("\u00a0", " ") == (
        "2025 till 2027: sammanlagt Plan 6,5 mnkr och Utfall 3,5 mnkr. Alla siffror står i tabellen."
    )


def test_the_legend_links_each_figure_and_says_its_share() -> None:
    html = charts.legend(PARTS).replace("\u00a0", " ")

    assert '<a class="ds-link" href="/fonden/?a=1&amp;b=2">Intecknat &amp; bundet</a>' in html
    assert '<span class="fp-num">92,4 mnkr</span> <span class="fp-legend__pct">31 %</span>' in html


def test_the_table_holds_every_figure() -> None:
    html = charts.table(YEARS, [PLAN, CAME], "Plan och utfall")

    assert re.findall(r'fp-num">([^<]+)<', html) == ["4,0", "3,5", "2,5", "0,0", "0,0", "0,0"]
    assert '<th scope="col" class="fp-right">Plan, mnkr</th>' in html


def test_the_key_names_the_series() -> None:
    assert charts.key([PLAN]).count("<li>") == 1


@given(AMOUNTS)
def test_bars_never_leave_the_picture(amounts: list[int]) -> None:
    labels = [str(2020 + at) for at in range(len(amounts))]

    for svg in drawings(charts.columns(labels, [Series("a", amounts)], "t")):
        for bar in svg.findall(".//{*}rect"):
            assert float(bar.attrib["y"]) >= 0
            assert float(bar.attrib["y"]) + float(bar.attrib["height"]) <= 250
            assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= float(svg.attrib["width"]) + 0.1


@given(AMOUNTS)
def test_the_parts_of_a_bar_fill_it(amounts: list[int]) -> None:
    svg = drawings(charts.stacked([Part("a", amount) for amount in amounts], "t"))[0]
    ends = [float(bar.attrib["x"]) + float(bar.attrib["width"]) for bar in svg.findall(".//{*}rect")]

    assert not ends or max(ends) == pytest.approx(1000, abs=0.3)


@given(st.lists(st.tuples(*[st.integers(-(10**10), 10**10)] * 2), min_size=1, max_size=8), st.integers(-(10**9), 10**9))
def test_a_tornado_never_leaves_the_picture_and_its_bars_meet_at_the_base(ends: list, base: int) -> None:
    bars = [charts.Bar(f"uppgift {low}", low, high, "1", "2") for low, high in ends]

    for svg in drawings(charts.tornado(bars, base, "t")):
        width = float(svg.attrib["width"])
        rects = [it for it in svg.findall(".//{*}rect") if it.attrib["height"] == "18"]
        (middle,) = {line.attrib["x1"] for line in svg.findall(".//{*}line") if line.attrib["class"] == "fp-lc2"}
        assert len(rects) == 2 * len(bars)
        for rect in rects:
            start = float(rect.attrib["x"])
            assert start >= -0.1
            assert start + float(rect.attrib["width"]) <= width + 0.1
            assert min(abs(start - float(middle)), abs(start + float(rect.attrib["width"]) - float(middle))) <= 0.2


@given(st.lists(st.integers(-(10**10), 10**10), min_size=2, max_size=12), st.integers(0, 10**10))
def test_a_curve_stays_in_the_picture_below_nothing_too(amounts: list[int], level: int) -> None:
    labels = [str(2020 + at) for at in range(len(amounts))]

    for svg in drawings(charts.gathered(labels, [Series("a", amounts)], Series("b", [level] * len(amounts)), "t")):
        for line in svg.findall(".//{*}line"):
            assert 0 <= float(line.attrib["y1"]) <= float(svg.attrib["height"])
            assert 0 <= float(line.attrib["x2"]) <= float(svg.attrib["width"])


@pytest.mark.parametrize(
    ("top", "told"), [(8_700_000, "2,5"), (900_000, "0,25"), (20_000_000, "15"), (1_600_000, "1,5")]
)
def test_an_axis_tells_its_numbers_as_they_are(top: int, told: str) -> None:
    drawn = str(charts.columns(["2025"], [Series("Plan", [top])], "Per år"))

    assert f">{told}</text>" in drawn
