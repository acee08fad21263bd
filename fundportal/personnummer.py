"""Finds Swedish personal identity numbers in free text. They have no place in this system."""

import re
from datetime import date

PATTERN = re.compile(r"(?<!\d)(?:(?:19|20)\d{2}|\d{2})(\d{2})(\d{2})[-+\s]?\d{4}(?!\d)")
SAMORDNING = 60


def _luhn(digits: str) -> bool:
    total = 0
    for index, digit in enumerate(digits):
        doubled = int(digit) * (2 if index % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _is_day(month: int, day: int) -> bool:
    try:
        date(2024, month, day)
    except ValueError:
        return False
    return True


def in_text(text: str) -> bool:
    """Whether the text holds something that is a valid personnummer or samordningsnummer."""
    for found in PATTERN.finditer(text):
        month, day = int(found[1]), int(found[2])
        digits = re.sub(r"\D", "", found[0])[-10:]
        if _luhn(digits) and _is_day(month, day - SAMORDNING if day > SAMORDNING else day):
            return True
    return False
