"""Last days are counted as Swedish law and the city's rules do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundportal import calendar

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 23), True),
        (date(2026, 12, 24), False),  # Christmas Eve counts as a Sunday
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 12, 28), True),
        (date(2026, 12, 31), False),  # New Year's Eve
        (date(2027, 1, 1), False),
        (date(2027, 1, 5), True),  # the eve of Epiphany is a working day in law
        (date(2027, 1, 6), False),
        (date(2027, 3, 25), True),  # Maundy Thursday
        (date(2027, 3, 26), False),  # Good Friday
        (date(2027, 3, 29), False),  # Easter Monday
        (date(2027, 5, 6), False),  # Ascension Day
        (date(2027, 5, 7), True),  # the day between
        (date(2030, 6, 6), False),  # National Day, a Thursday
        (date(2026, 6, 19), False),  # Midsummer Eve, early
        (date(2027, 6, 25), False),  # Midsummer Eve, late
        (date(2027, 6, 24), True),
        (date(2028, 2, 29), True),  # a leap day is a day like others
        (date(2027, 11, 6), False),  # All Saints, a Saturday
        (date(2026, 11, 22), False),  # a Sunday
    ],
)
def test_working_days_of_the_swedish_year(day, works):
    assert calendar.is_working_day(day) == works


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (date(2026, 11, 23), 10, date(2026, 12, 7)),
        (date(2026, 12, 18), 10, date(2027, 1, 8)),  # over Christmas, New Year and Epiphany
        (date(2027, 3, 24), 2, date(2027, 3, 30)),  # over Easter
        (date(2028, 2, 25), 2, date(2028, 2, 29)),  # to a leap day
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_working_days_are_counted_over_holidays(day, count, last):
    assert calendar.add_working_days(day, count) == last


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (date(2027, 12, 1), 90, date(2028, 2, 29)),  # ends on a leap day
        (date(2026, 12, 2), 90, date(2027, 3, 2)),
        (date(2026, 11, 25), 30, date(2026, 12, 28)),  # Christmas Day, a Friday, then the weekend
        (date(2026, 5, 30), 20, date(2026, 6, 22)),  # Midsummer Eve, then the weekend
        (date(2027, 3, 1), 60, date(2027, 4, 30)),  # over the change to summer time: days are days
    ],
)
def test_calendar_days_end_on_a_working_day(day, count, last):
    assert calendar.add_days(day, count) == last


@pytest.mark.parametrize(
    ("posted", "last"),
    [
        (date(2026, 11, 2), date(2026, 11, 23)),  # three weeks from the day it was posted
        (date(2026, 12, 3), date(2026, 12, 28)),  # Christmas Eve is no last day
        (date(2026, 12, 10), date(2027, 1, 4)),  # nor New Year's Eve
        (date(2027, 6, 4), date(2027, 6, 28)),  # nor Midsummer Eve
        (date(2028, 2, 8), date(2028, 2, 29)),
    ],
)
def test_an_appeal_may_be_made_three_weeks_from_the_posting(posted, last):
    assert calendar.last_day_of_appeal(posted) == last


@given(DAYS, st.integers(0, 120))
def test_a_last_day_is_never_early_and_always_a_working_day(day, count):
    last = calendar.add_days(day, count)

    assert last >= day + timedelta(count)
    assert calendar.is_working_day(last)
    assert all(not calendar.is_working_day(day + timedelta(n)) for n in range(count, (last - day).days))


@given(DAYS, st.integers(1, 60))
def test_working_days_counted_are_working_days_passed(day, count):
    last = calendar.add_working_days(day, count)

    passed = [day + timedelta(n) for n in range(1, (last - day).days + 1)]
    assert sum(calendar.is_working_day(one) for one in passed) == count
