"""The top bar, the pages of words, the pages of errors, and what templates may not hold."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from fundportal import queue
from fundportal.process import Role, Step
from fundportal.todo import waits
from fundportal.views import pages
from fundportal.views.face import capped
from tests import factories

TEMPLATES = sorted(Path("templates").rglob("*.html"))
OPEN = ["login", "password_reset", "accessibility", "privacy", "licences"]


def labels(html: str) -> list[str]:
    nav = html.partition('<nav id="huvudmeny"')[2].partition("</nav>")[0]
    return [re.sub(r"<.*", "", label).strip() for label in re.findall(r"<a href[^>]*>(.*?)</a>", nav)]


@pytest.mark.parametrize("name", OPEN)
def test_open_pages_are_open(client: Client, db: None, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["settings", "help", "password_change"])
def test_other_pages_are_closed(client: Client, db: None, name: str) -> None:
    response = client.get(reverse(name))

    assert response.headers["Location"] == f"{reverse('login')}?next={reverse(name)}"


def test_the_menu_follows_the_role(client: Client, db: None) -> None:
    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))
    applicant = labels(client.get(reverse("help")).content.decode())
    client.force_login(factories.user(Role.AUDITOR))
    auditor = labels(client.get(reverse("help")).content.decode())

    own = ["Sök", "Mina inställningar"]
    assert applicant == ["Start", "Ärenden", "Ny idéskiss", "Fonden", "Lärdomar", "Hjälp", *own]
    assert auditor == ["Start", "Ärenden", "Fonden", "Lärdomar", "Export", "Administration", "Hjälp", *own]


def test_the_menu_says_where_one_is(client: Client, db: None) -> None:
    client.force_login(factories.user(Role.OFFICER))

    html = client.get(reverse("help_role", kwargs={"role": "council"})).content.decode()

    assert f'<a href="{reverse("help")}" aria-current="page">Hjälp</a>' in html


def test_a_count_stops_at_its_cap(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fundportal.views.face.CAP", 2)
    board = factories.namnd()
    user = factories.user(Role.APPLICANT, board)

    def shown() -> str:
        return capped(queue.counts(user, {"todo": (waits(user), 2)})["todo"])

    found = [shown()]
    for _case in range(3):
        factories.case(Step.IDEA, owner=board)
        found.append(shown())

    assert found == ["", "1", "2", "2+"]


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_help(client: Client, db: None, role: Role) -> None:
    client.force_login(factories.user(Role.OFFICER))

    html = client.get(reverse("help_role", kwargs={"role": role})).content.decode()

    assert f'<h1 class="fp-h1">Hjälp: {role.label}</h1>' in html
    assert "Ditt arbete i korthet" in html
    assert html.count('<h3 class="fp-event__title">') == 8


def test_help_of_no_role_is_a_404(client: Client, db: None) -> None:
    client.force_login(factories.user(Role.OFFICER))

    assert client.get(reverse("help_role", kwargs={"role": "kung"})).status_code == 404


def test_help_without_a_role_shows_the_process(client: Client, db: None) -> None:
    client.force_login(factories.user())

    assert "Från idé till justerad budget" in client.get(reverse("help")).content.decode()


def test_an_unknown_address_answers_in_swedish(client: Client, db: None) -> None:
    client.force_login(factories.user())

    response = client.get("/finns-inte/")

    assert response.status_code == 404
    assert "Sidan finns inte" in response.content.decode()


def test_a_refusal_gives_its_reason(rf: RequestFactory, db: None) -> None:
    request = rf.get("/")
    request.user = factories.user()
    request.session = SessionStore()

    told = pages.permission_denied(request, PermissionDenied("Du har själv föreslagit beslutet."))
    silent = pages.permission_denied(request, PermissionDenied())

    assert (told.status_code, silent.status_code) == (403, 403)
    assert "Du har själv föreslagit beslutet." in told.content.decode()
    assert "Din roll i portalen ger inte rätt" in silent.content.decode()


def test_a_fault_of_ours_is_drawn_without_the_request(rf: RequestFactory) -> None:
    response = pages.server_error(rf.get("/"))

    assert response.status_code == 500
    assert "Något gick fel hos oss" in response.content.decode()


def test_what_cannot_be_read_is_said(rf: RequestFactory, db: None) -> None:
    request = rf.get("/")
    request.user = factories.user()
    request.session = SessionStore()

    assert pages.bad_request(request).status_code == 400


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_no_template_holds_script_or_style_inline(template: Path) -> None:
    text = template.read_text()

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text)


def test_the_script_is_small() -> None:
    assert len(Path("static/fp/fp.js").read_bytes()) <= 6 * 1024


def render(source: str, **context: object) -> str:
    return Template("{% load fundportal %}" + source).render(Context(context))


def test_an_icon_is_hidden_from_aids() -> None:
    assert render('{% icon "Bell" "is-ok" %}') == (
        '<svg class="fp-icon is-ok" aria-hidden="true" focusable="false">'
        '<use href="/static/vendor/icons.svg#Bell"/></svg>'
    )


def test_every_icon_that_is_used_is_in_the_sprite() -> None:
    known = set(Path("fundportal/stack/icons.txt").read_text().split())
    used = {name for template in TEMPLATES for name in re.findall(r'{% icon "(\w+)"', template.read_text())}

    assert used <= known


def test_a_current_step_is_told_in_words() -> None:
    steps = [{"label": "Idé", "state": "done"}, {"label": "Ansökan", "state": "current"}]

    html = render('{% include "components/steps.html" with steps=steps only %}', steps=steps)

    assert "Steg 2 av 2:</span> <strong>Ansökan" in html.replace("Steg 2 av 2: ", "Steg 2 av 2:</span> ")
    assert html.count('aria-current="step"') == 1


def test_the_primary_act_comes_first_and_rare_ones_stand_in_the_menu() -> None:
    def offer(name: str, *missing: str, main: bool = False) -> SimpleNamespace:
        row = SimpleNamespace(name=name, label=name)
        return SimpleNamespace(row=row, missing=list(missing), url=f"/{name}/", main=main)

    offers = [
        offer("declare_jav"),
        offer("send_remiss"),
        offer("propose", "Controllern behöver granska kalkylen."),
        offer("check", main=True),
        offer("extend"),
    ]
    html = render('{% include "components/offers.html" with offers=offers only %}', offers=offers)
    waiting = render('{% include "components/waiting.html" with offers=offers only %}', offers=offers)

    assert re.findall(r'href="/(\w+)/"', html) == ["check", "send_remiss", "extend", "declare_jav"]
    assert html.count('data-variant="secondary"') == 1
    assert "Controllern behöver granska kalkylen." in waiting
    assert "propose" in waiting
