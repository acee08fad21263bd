"""`make screens`: every page of the product as PNG, 1280 and 390 px wide, light and dark, into `var/screens`."""

# ruff: noqa: T201 -- it tells the person at the terminal

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, sync_playwright

from fundportal.stack.install import browser as find_browser
from fundportal.stack.product import running

if TYPE_CHECKING:
    from tests.screens_pages import Shot

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "var" / "screens"
README = ROOT / "fundportal" / "docs" / "images"
WIDTHS = {1280: 900, 390: 844}
SCHEMES = ("light", "dark")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
BROWSERS = 2
TALLEST = 9000
"""Pixels of the longest page that is drawn whole."""
EXPECTED = {"error-403": 403, "error-404": 404, "error-404-stranger": 404, "remiss_outside-closed": 410}
"""What pages of errors answer."""
IN_README = {"cases-officer": "arbetsko", "case-implementation": "arende"}
"""The pages that the README shows, and what their files are called."""
README_SIZE = {"width": 1280, "height": 1160}
HEAVIEST = 200_000


class Camera:
    """A browser with one window for each person, which stay logged in."""

    def __init__(self, browser: Browser, address: str, password: str) -> None:
        """Everyone in the demo has the same password."""
        self.browser, self.address, self.password = browser, address, password
        self.windows: dict[str, Page] = {}
        self.faults: list[str] = []

    def window(self, who: str) -> Page:
        """The window of a person, or of a stranger."""
        if who not in self.windows:
            context: BrowserContext = self.browser.new_context(
                base_url=self.address, locale="sv-SE", timezone_id="Europe/Stockholm", reduced_motion="reduce"
            )
            context.set_default_timeout(20_000)
            page = context.new_page()
            page.on("console", lambda said: self._heard(page, said.type, said.text))
            self.windows[who] = page
            if who:
                self._log_in(page, who)
        return self.windows[who]

    def _heard(self, page: Page, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.faults.append(f"{page.url}: {text}")

    def _log_in(self, page: Page, who: str) -> None:
        page.goto("/logga-in/")
        page.locator("#id_username").fill(who)
        page.locator("#id_password").fill(self.password)
        page.locator("form:has(#id_password) [type=submit]").click()
        page.wait_for_url(lambda url: "/logga-in/" not in url)

    def draw(self, shot: Shot, folder: Path) -> int:
        """Draw a page in every width and scheme; it is asked for once."""
        page = self.window(shot.who)
        if shot.html:
            page.route(f"**{shot.path}", lambda route: self._give(route, shot.html))
        if shot.press:
            page.goto(shot.press)
            if page.url.endswith(shot.press) and (way_in := page.locator("main button[type=submit]")).count():
                way_in.first.click()
                page.wait_for_load_state()
        answer = page.goto(shot.path, wait_until="load")
        expected = EXPECTED.get(shot.name, 200)
        if answer is None or answer.status != expected:
            self.faults.append(f"{shot.name} {shot.path}: {answer.status if answer else 'inget svar'} för {shot.who}")
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                look: Any = scheme
                page.emulate_media(color_scheme=look)
                self._save(page, folder / f"{shot.name}-{width}-{scheme}.png", width)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.faults.append(f"{shot.name} {shot.path}: rullar i sidled vid {width} px")
        return len(WIDTHS) * len(SCHEMES)

    @staticmethod
    def _save(page: Page, place: Path, width: int) -> None:
        tall: int = page.evaluate("document.documentElement.scrollHeight")
        clip: Any = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)}
        page.screenshot(path=place, full_page=True, clip=clip, animations="disabled", caret="hide")

    @staticmethod
    def _give(route: Route, html: str) -> None:
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    def for_readme(self, shot: Shot, place: Path) -> None:
        """One window's height of a page, in light, not heavier than a README should carry."""
        page = self.window(shot.who)
        size: Any = README_SIZE
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        page.goto(shot.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=place, animations="disabled", caret="hide")
        if place.stat().st_size > HEAVIEST:
            self.faults.append(f"{place}: {place.stat().st_size} byte, högst {HEAVIEST}")


@contextmanager
def city(var: Path | None) -> Iterator[str]:
    """Run a product with the demo while inside, in a folder that goes with it unless one is given."""
    with tempfile.TemporaryDirectory(prefix="fondportalen-") as temporary:
        place = var or Path(temporary) / "var"
        with running(place, port=8650) as (product, address):
            os.environ.update({**product.env, "DJANGO_SETTINGS_MODULE": "fundportal.settings"})
            yield address


def listed(only: list[str]) -> tuple[list[Shot], str]:
    """The pages that are asked for, and the demo's password."""
    import django  # noqa: PLC0415 -- app ready: its settings are known when the product runs

    django.setup()
    from fundportal.demo.people import PASSWORD  # noqa: PLC0415 -- app ready
    from tests.screens_pages import shots  # noqa: PLC0415 -- app ready

    return [shot for shot in shots() if not only or any(word in shot.name for word in only)], PASSWORD


@contextmanager
def camera(address: str, password: str) -> Iterator[Camera]:
    """A camera with a browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield Camera(browser, address, password)
        browser.close()


def draw(address: str, password: str, pages: list[Shot]) -> tuple[int, list[str]]:
    """Draw these pages; how many pictures, and what was wrong with any."""
    drawn = 0
    with camera(address, password) as one:
        for shot in pages:
            try:
                drawn += one.draw(shot, OUT)
            except Error as fault:
                one.faults.append(f"{shot.name} {shot.path}: {str(fault).splitlines()[0]}")
        return drawn, one.faults


def draw_all(address: str, password: str, pages: list[Shot]) -> list[str]:
    """Draw all pages with a few browsers at a time, each person in one of them; what was wrong with any."""
    begun = time.monotonic()
    OUT.mkdir(parents=True, exist_ok=True)
    shares: list[list[Shot]] = [[] for _browser in range(BROWSERS)]
    for _who, theirs in sorted(by_person(pages).items(), key=lambda pair: -len(pair[1])):
        min(shares, key=len).extend(theirs)
    with ThreadPoolExecutor(BROWSERS) as pool:
        results = list(pool.map(lambda share: draw(address, password, share), shares))
    drawn = sum(count for count, _faults in results)
    print(f"{drawn} bilder av {len(pages)} sidor i {OUT.relative_to(ROOT)}, {time.monotonic() - begun:.0f} s")
    return [fault for _count, faults in results for fault in faults]


def by_person(pages: list[Shot]) -> dict[str, list[Shot]]:
    """The pages of each person."""
    found: dict[str, list[Shot]] = {}
    for shot in pages:
        found.setdefault(shot.who, []).append(shot)
    return found


def draw_readme(address: str, password: str, pages: list[Shot]) -> list[str]:
    """Draw the two pictures of the README."""
    with camera(address, password) as one:
        for shot in pages:
            if shot.name in IN_README:
                one.for_readme(shot, README / f"{IN_README[shot.name]}.png")
        return one.faults


def main() -> int:
    """Draw, say how many and what was wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", action="append", default=[], help="bara sidor vars namn innehåller detta")
    asked.add_argument("--readme", action="store_true", help="rita bara README:s två bilder")
    asked.add_argument("--var", type=Path, help="använd och behåll den här datamappen i stället för en tillfällig")
    told = asked.parse_args()
    if not told.only and not told.readme:
        shutil.rmtree(OUT, ignore_errors=True)
    with city(told.var.resolve() if told.var else None) as address:
        pages, password = listed(list(IN_README) if told.readme else told.only)
        faults = (draw_readme if told.readme else draw_all)(address, password, pages)
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
