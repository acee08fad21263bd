"""The real product, started by the supervisor with its demo, and a real Chromium."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from fundportal.stack.install import browser as find_browser
from fundportal.stack.product import Product, running

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = "color-contrast"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REFUSED = re.compile(
    r"Failed to load resource: (the server responded with a status of (4\d\d|502)|net::ERR_(FAILED|INTERNET_DISC))"
)
"""A page that says no, a proxy without a server behind it, and a line that a test has cut."""
PLACES = "import json; from tests.e2e.places import places; print(json.dumps(places()))"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

Person = dict[str, Any]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark every test here, so that `-m "not e2e"` leaves it out; each may take longer than a unit test."""
    item.add_marker("e2e")
    item.add_marker(pytest.mark.timeout(300))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They come last: while the browser is driven an event loop runs in this thread, and Django then refuses us."""
    items.sort(key=lambda item: Path(__file__).parent in item.path.parents)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The running product."""
    kept = os.environ.get("E2E_VAR", "")  # a folder to keep between runs, while one writes tests
    var = Path(kept) if kept else tmp_path_factory.mktemp("product") / "var"
    with running(var, extra={"WORKERS": "1", "OLD_PAPERS": "1"}) as (started, address):  # those papers can wait
        started.env["BASE_URL"] = address
        yield started


@pytest.fixture(scope="session")
def base_url(product: Product) -> str:
    """Where it answers."""
    return product.env["BASE_URL"]


@pytest.fixture(scope="session")
def everyone(product: Product) -> list[Person]:
    """Every demo person, as `manage.py demo --people` lists them."""
    people: list[Person] = json.loads(product.manage("demo", "--people"))
    return people


@pytest.fixture(scope="session")
def people(everyone: list[Person]) -> dict[str, Person]:
    """The first demo person of each role."""
    return {person["role"]: person for person in reversed(everyone)}


@pytest.fixture(scope="session")
def places(product: Product) -> dict[str, Any]:
    """Where things stand in the demo when the tests begin: see `tests.e2e.places`."""
    told = product.manage(
        "shell", "--no-imports", "-c", "import json; from tests.e2e.places import places; print(json.dumps(places()))"
    )
    found: dict[str, Any] = json.loads(told)
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, driven by Playwright."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, base_url: str) -> Iterator[Callable[..., BrowserContext]]:
    """Open a window of one's own: `context(width="narrow", scheme="dark", script=False)`."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        """A page that says no (403, 404, 422) is no fault; whatever else the console calls an error is."""
        if message.type == "error" and not REFUSED.search(message.text):
            faults.append(f"{message.location.get('url')}: {message.text}")

    def open_one(*, width: str = "wide", scheme: str = "light", script: bool = True) -> BrowserContext:
        size: Any = WIDE if width == "wide" else NARROW
        look: Any = scheme
        made = chromium.new_context(
            base_url=base_url,
            viewport=size,
            color_scheme=look,
            java_script_enabled=script,
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            bypass_csp=False,
            reduced_motion="reduce",
        )
        made.on("console", hear)
        made.on("weberror", lambda fault: faults.append(str(fault.error)))
        made.set_default_timeout(15_000)
        opened.append(made)
        return made

    yield open_one
    for each in opened:
        each.close()
    assert faults == [], "webbläsaren klagade (konsol, skript eller CSP)"


def log_in(page: Page, person: Person) -> Page:
    """Log in by the form, as a person would."""
    page.goto("/logga-in/")
    page.locator("#id_username").fill(person["email"])
    page.locator("#id_password").fill(person["password"])
    page.locator("form:has(#id_password) [type=submit]").click()
    page.wait_for_load_state()
    assert page.locator("#id_password").count() == 0, f"{person['email']} kom inte in"
    return page


@pytest.fixture(scope="session")
def entered() -> dict[str, list[Any]]:
    """The cookies of those who have logged in, by e-mail: each logs in once."""
    return {}


@pytest.fixture
def as_person(
    context: Callable[..., BrowserContext], people: dict[str, Person], entered: dict[str, list[Any]]
) -> Callable[..., Page]:
    """Open a window logged in: `as_person("director")`, or with a person's row; options as for `context`."""

    def enter(who: str | Person, **options: Any) -> Page:
        person, window = people[who] if isinstance(who, str) else who, context(**options)
        page = window.new_page()
        if kept := entered.get(person["email"]):
            window.add_cookies(kept)
            page.goto("/")
        else:
            log_in(page, person)
            entered[person["email"]] = window.cookies()
        return page

    return enter


def axe(page: Page, *, colours: bool | None = None) -> list[str]:
    """Return what axe finds on the page, a line each; axe is evaluated by the driver, so the page's CSP holds.

    `colours` asks only for what another colour scheme can change, or for all but that.
    """
    assert AXE.is_file(), "axe-core saknas: kör `make test`, som hämtar det"
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    only = {"type": "rule", "values": [CONTRAST]} if colours else {"type": "tag", "values": AXE_TAGS}
    found: list[dict[str, Any]] = page.evaluate(
        "([only, rules]) => axe.run({runOnly: only, rules, resultTypes: ['violations']}).then(it => it.violations)",
        [only, {CONTRAST: {"enabled": False}} if colours is False else {}],
    )

    def why(node: dict[str, Any]) -> str:
        return f"{node['html'][:160]} {' '.join(str(node.get('failureSummary', '')).split())[:300]}"

    return [f"{page.url} {violation['id']}: {why(node)}" for violation in found for node in violation["nodes"]]
