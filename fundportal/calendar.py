"""Swedish working days, and the last days that the city's rules count out."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

APPEAL_DAYS = 21


@lru_cache(maxsize=64)
def _red_days(year: int) -> frozenset[date]:
    """Holidays of a year, Sundays left out, with the eves that lag (1930:173) counts as Sundays."""
    days = set(holidays.country_holidays("SE", years=year, include_sundays=False))
    midsummer_eve = next(date(year, 6, day) for day in range(19, 26) if date(year, 6, day).weekday() == 4)
    return frozenset(days | {date(year, 12, 24), date(year, 12, 31), midsummer_eve})


def is_working_day(day: date) -> bool:
    """Monday to Friday and no holiday; Christmas Eve, New Year's Eve and Midsummer Eve count as holidays."""
    return day.weekday() < 5 and day not in _red_days(day.year)


def working_day_on_or_after(day: date) -> date:
    """The day itself, or the next working day (lag 1930:173 om beräkning av lagstadgad tid)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """The day `count` working days after `day`."""
    for _ in range(count):
        day = working_day_on_or_after(day + timedelta(days=1))
    return day


def add_days(day: date, count: int) -> date:
    """The day `count` calendar days after `day`, moved to a working day."""
    return working_day_on_or_after(day + timedelta(days=count))


def last_day_of_appeal(posted_on: date) -> date:
    """Three weeks from the day the justering was announced on the anslagstavla (KL 13 kap.), on a working day."""
    return add_days(posted_on, APPEAL_DAYS)
