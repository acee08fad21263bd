"""Read `requirements.lock`: which packages does a purpose need, with their hashes?

`python -m fundportal.stack.lock embedded` prints the part of the lock for the product and its embedded services.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK, PROJECT = ROOT / "requirements.lock", ROOT / "pyproject.toml"


def normal(name: str) -> str:
    """Write a package's name the way the lock does."""
    return re.sub(r"[-_.]+", "-", name).lower()


def blocks(lock: str) -> dict[str, str]:
    """Part the lock into one text per package."""
    found: dict[str, str] = {}
    for text in re.split(r"^(?=[a-zA-Z0-9])", lock, flags=re.MULTILINE):
        if text.strip():
            name = normal(re.split(r"[=\[ ]", text, maxsplit=1)[0])
            found[name] = found.get(name, "") + text  # a package may come in one version per Python
    return found


def wanted_by(block: str) -> set[str]:
    """Return who wants a package, by the comments the lock carries."""
    comment = re.sub(r".*?# via", "", block, count=1, flags=re.DOTALL) if "# via" in block else ""
    return {normal(name) for name in re.findall(r"[A-Za-z0-9][\w.-]*", re.sub(r"\(.*?\)", "", comment))}


def roots(groups: Iterable[str]) -> set[str]:
    """Return the packages that `pyproject.toml` asks for: always its dependencies, and those of the groups."""
    project = tomllib.loads(PROJECT.read_text())["project"]
    asked = [*project["dependencies"], *(line for group in groups for line in project["optional-dependencies"][group])]
    return {normal(re.split(r"[\[<>=~! ;]", line, maxsplit=1)[0]) for line in asked}


def part(groups: Iterable[str]) -> str:
    """Return the part of the lock that the product and some groups need, and what these need in turn."""
    everything = blocks(LOCK.read_text())
    chosen = roots(groups)
    grown = True
    while grown:
        more = {name for name, block in everything.items() if wanted_by(block) & chosen}
        grown = not more <= chosen
        chosen |= more
    return "".join(everything[name] for name in sorted(chosen))


def only(name: str) -> str:
    """Return the lock's text about one package that needs no other."""
    return blocks(LOCK.read_text())[name]


if __name__ == "__main__":
    sys.stdout.write(part(sys.argv[1:]))
