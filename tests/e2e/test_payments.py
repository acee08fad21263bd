"""Payments in Chromium: a controller takes out the payment file and reads the booked vouchers in, row by row."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import axe
from tests.e2e.hands import follow, heading, press

Enter = Callable[..., Page]


def test_a_file_goes_out_and_comes_back_as_vouchers_with_a_report_per_row(as_person: Enter) -> None:
    page = as_person("controller")
    page.goto("/administration/utbetalningar/")
    press(page, "Skapa betalningsfil")
    assert "är skapad. Hämta den nedan." in page.locator("main").inner_text()
    address = page.get_by_role("link", name="CSV betalningsfil").first.get_attribute("href") or ""
    sent = [*csv.DictReader(page.request.get(address).text().lstrip("\ufeff").splitlines(), delimiter=";")]

    good = [(row["Referens"], f"V 9{no}", row["Belopp"]) for no, row in enumerate(sent)]
    follow(page, "Läs in verifikationer")
    _read(page, [*good, ("SIF-1999-999-R1", "V 998", "1,00"), (sent[0]["Referens"], "V 999", "mycket")])
    assert "Övriga rader ändrar ingenting." in page.locator("main").inner_text()
    press(page, "Bokför raderna")

    assert heading(page) == "bokfort.csv"
    told = page.locator("tbody tr")
    expect(told).to_have_count(len(good) + 2)
    for no, words in enumerate(["Bokförd"] * len(good) + ["Ingen rekvisition i fonden", "Beloppet går inte att läsa"]):
        assert words in told.nth(no).inner_text()
    assert axe(page) == []


def _read(page: Page, rows: list[tuple[str, str, str]]) -> None:
    """Choose a file with these rows, as the accounting system writes it."""
    day = datetime.now(tz=UTC).date()
    lines = ["Referens;Verifikation;Bokföringsdag;Belopp"]
    lines += [f"{reference};{voucher};{day};{amount}" for reference, voucher, amount in rows]
    content = "\r\n".join(lines).encode("cp1252")
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="bokfort.csv", mimeType="text/csv", buffer=content)
    )
    press(page, "Granska filen")
