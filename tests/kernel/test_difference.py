"""Two versions of a paper are laid side by side: words, fields and rows that differ, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from fundportal import difference
from fundportal.shown import Line, sections, table


def paper(*lines: Line, title: str = "Behov") -> list[dict]:
    return sections(title, list(lines))


def marked(words: list[difference.Word]) -> str:
    signs = {"same": "{}", "added": "[+{}]", "removed": "[-{}]"}
    return "".join(signs[word.kind].format(word.text) for word in words)


def test_what_is_the_same_is_left_out():
    same = paper(Line("Storlek", "220 personer"), Line("Behov", "Text.", long=True))

    assert difference.of(same, same) == []


def test_a_changed_word_is_marked_in_its_field():
    before = paper(Line("Storlek", "220 personer"), Line("Behov", "Många elever saknar stöd.", long=True))
    after = paper(Line("Storlek", "220 personer"), Line("Behov", "Många barn saknar stöd i tid.", long=True))

    [part] = difference.of(before, after)
    [field] = part.fields

    assert (part.title, field.label, field.state) == ("Behov", "Behov", "changed")
    assert marked(field.words) == "Många [-elever][+barn] saknar stöd[+ i tid]."


def test_a_number_is_one_word_and_what_the_portal_told_of_something_else_is_left_out():
    before = paper(Line("Kostnad", "300\u00a0000,50 tkr"), Line("I fonden", "9 tkr"))
    after = paper(Line("Kostnad", "231\u00a0570,50 tkr"), Line("I fonden", "8 tkr"))

    [part] = difference.of(before, after, aside={"I fonden"})

    assert [marked(field.words) for field in part.fields] == ["[-300\u00a0000,50][+231\u00a0570,50] tkr"]


def test_a_row_is_matched_with_the_one_it_was_and_its_cells_are_compared():
    columns = ["År", "Kostnad"]
    before = paper(table("Kostnad", columns, [["2028", "4 500 tkr"], ["2029", "4 500 tkr"], ["2031", "100 tkr"]]))
    after = paper(table("Kostnad", columns, [["2029", "4 500 tkr"], ["2028", "4 700 tkr"], ["2040", "9 tkr"]]))

    [field] = difference.of(before, after)[0].fields

    assert [row.state for row in field.rows] == ["same", "changed", "added", "removed"]
    assert marked(field.rows[1].cells[1]) == "4 [-500][+700] tkr"


def test_a_field_that_is_new_and_one_that_is_gone_say_so():
    found = difference.of(paper(Line("Gammal", "Nej")), paper(Line("Ny", "Ja")))

    assert [(field.label, field.state) for field in found[0].fields] == [("Ny", "added"), ("Gammal", "removed")]


def test_a_table_told_row_by_row_is_compared_as_a_table():
    columns = ["A", "B", "C", "D", "E", "F"]
    before = paper(table("Effekter", columns, [list("abcdef")]))
    after = paper(table("Effekter", columns, [list("abcdeg"), list("uvwxyz")]))

    [field] = difference.of(before, after)[0].fields

    assert [row.state for row in field.rows] == ["changed", "added"]
    assert field.columns == columns


TEXTS = st.text(st.sampled_from("ab ., \n"), max_size=30)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_their_difference(before: str, after: str):
    words = difference.words(before, after)

    assert "".join(word.text for word in words if word.kind != "removed") == after
    assert "".join(word.text for word in words if word.kind != "added") == before
