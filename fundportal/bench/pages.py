"""Goals of pages: at 100 000 cases against 1 000, and against the smallest page of the same server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import psycopg

from fundportal.bench.goals import Goal, Timed, turns
from fundportal.bench.seed import BOARD_USER, BOARDS_USER, SLK_USER
from fundportal.bench.web import Visitor

USERS = {"board": BOARD_USER, "slk": SLK_USER}
FILLS_A_PAGE = {"board": BOARDS_USER, "slk": SLK_USER}
"""Whose projects fill a page in the small database, where one board has too few: as many rows are then compared."""
QUEUE = "/arenden/"
FUND = "/fonden/"
"""The fund's page; with the seed, about as many entries as cases."""
PORTFOLIO = "/projekt/?sort=-beviljat"
"""Every project's lights, the largest grant first: by lights, the large database alone has a page of red ones."""
SMALLEST = "/losenord/klart/"
"""The smallest page of the product that is closed to strangers: session, person, top bar, one sentence."""
TYPED = "/arenden/?q=skoln%C3%A4rvaro+belopp%3A%3E1mnkr&sort=-belopp"
"""List and counts of what is typed: a word that one case in twelve has, and a prefix."""
COMMON, RARE = "/sok/?q=barn", "/sok/?q=SIF-2026-000777"
"""Search by a word that most cases have, and by one that a single case has."""
NAMES = [
    *(
        f"{page}_{kind}_{who}"
        for page in ("queue", "case", "fund", "portfolio")
        for kind in ("100k_vs_1k", "vs_smallest")
        for who in USERS
    ),
    *(f"{page}_vs_queue_{who}" for page in ("typed", "search_common", "search_rare") for who in USERS),
]
CASES = 17
"""How many cases are opened, turn about: one on each step that both users see."""

WHICH = """
select number from (
  select distinct on (c.step) c.step, c.number from fundportal_case c
  join fundportal_party p on p.case_id = c.id and p.part in ('owner', 'partner')
  join fundportal_namndusergrant g on g.content_object_id = p.namnd_id
  join fundportal_user u on u.id = g.user_id and u.email = %(user)s
  where c.submitted_at is not null and c.id <= %(most)s order by c.step, c.id
) as found order by number limit %(limit)s
"""


def cases(url: str, most: int) -> list[str]:
    """Addresses of cases, one on each step, that both users see, among the `most` first."""
    with psycopg.connect(url) as line:
        rows = line.execute(WHICH, {"user": BOARD_USER, "most": most, "limit": CASES}).fetchall()
    return [f"/arenden/{number}/" for (number,) in rows]


def goals(small: int, large: int, paths: list[str], wanted: Callable[[str], bool], rounds: int) -> Iterator[Goal]:
    """The goals of pages; `small` and `large` are the ports of the two servers."""
    for who, email in USERS.items():
        few, many = Visitor(small, email), Visitor(large, email)
        full = Visitor(small, FILLS_A_PAGE[who])
        pages = {"queue": [QUEUE], "case": paths, "fund": [FUND], "portfolio": [PORTFOLIO]}
        sizes = []
        for page, at in pages.items():
            other = full if page == "portfolio" else few
            sizes.append((f"{page}_100k_vs_1k_{who}", 1.15, _of(many, at), _of(other, at)))
            sizes.append((f"{page}_vs_smallest_{who}", 5.0, _of(many, at), _of(many, [SMALLEST])))
        for page, most, address in (("typed", 2.0, TYPED), ("search_common", 1.2, COMMON), ("search_rare", 1.2, RARE)):
            sizes.append((f"{page}_vs_queue_{who}", most, _of(many, [address]), _of(many, [QUEUE])))
        for name, most, thing, against in sizes:
            if wanted(name):
                yield Goal(name, most, thing, against, rounds)
        for visitor in (few, many, full):
            visitor.close()


def _of(visitor: Visitor, paths: list[str]) -> Timed:
    return turns(partial(visitor.seconds), paths)
