"""docker-compose.yml and the Dockerfile, by structure: no engine need be at hand."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from fundportal.stack.services import APP, DATABASE, OWNER

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = {line.split("=")[0]: "prov" for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line}


def every(names: tuple[str, ...], schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The same schema for several words."""
    return {name: schema for name in names}


WORDS: dict[str, Any] = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
COMMAND: dict[str, Any] = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
TIME: dict[str, Any] = {"type": "string", "pattern": r"^\d+(ms|s|m|h)$"}
HEALTH: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "disable": {"type": "boolean"},
        "test": COMMAND,
        **every(("interval", "timeout", "start_period"), TIME),
        "retries": {"type": "integer"},
    },
}
AFTER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": False,
        "required": ["condition"],
        "properties": {
            "condition": {"enum": ["service_started", "service_healthy", "service_completed_successfully"]},
        },
    },
}
SERVICE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["image"],
    "properties": {
        **every(("image", "build"), {"type": "string"}),
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        **every(("init", "read_only"), {"type": "boolean"}),
        **every(("cap_drop", "security_opt", "tmpfs", "volumes", "ports", "networks"), WORDS),
        "environment": {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}},
        "command": COMMAND,
        "healthcheck": HEALTH,
        "depends_on": AFTER,
        "deploy": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"replicas": {"type": "integer"}},
        },
        "configs": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["source"],
                "properties": {**every(("source", "target"), {"type": "string"}), "mode": {"type": "integer"}},
            },
        },
    },
}
NAMED: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "object"}}
# The part of the compose specification that we use: an unknown or misspelt word fails.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "required": ["services"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        **every(("volumes", "networks", "configs"), NAMED),
    },
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def needs(service: dict[str, Any]) -> set[str]:
    return set(service.get("depends_on", {}))


def test_every_word_is_one_of_the_specifications(compose: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(compose)


def test_the_services_are_these(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"migrate", "web", "worker", "beat", "postgres", "redis"}


def test_what_a_service_names_exists(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert needs(service) <= set(compose["services"]), name
        assert set(service["networks"]) <= set(compose["networks"]), name
        assert {mount.split(":")[0] for mount in service.get("volumes", [])} <= set(compose["volumes"]), name
        assert {config["source"] for config in service.get("configs", [])} <= set(compose["configs"]), name


def test_one_waits_only_for_what_can_say_it_is_ready(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for other, when in service.get("depends_on", {}).items():
            if when["condition"] == "service_healthy":
                assert "test" in compose["services"][other]["healthcheck"], other


@pytest.mark.parametrize("name", ["web", "worker"])
def test_web_and_worker_scale_out(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]

    assert "container_name" not in service
    assert "replicas" not in service.get("deploy", {})
    assert not [port for port in service.get("ports", []) if re.fullmatch(r"\d+:\d+", port)]


def test_there_is_one_clock(compose: dict[str, Any]) -> None:
    assert compose["services"]["beat"]["deploy"] == {"replicas": 1}


def test_only_the_migration_knows_the_owner(compose: dict[str, Any]) -> None:
    knows = {
        name
        for name, service in compose["services"].items()
        if "OWNER_PASSWORD" in str(service.get("environment")) and name != "postgres"
    }

    assert knows == {"migrate"}
    assert f"postgres://{APP}:" in compose["services"]["web"]["environment"]["DATABASE_URL"]
    assert f"postgres://{OWNER}:" in compose["services"]["migrate"]["environment"]["DATABASE_OWNER_URL"]


def test_the_two_roles_are_made_with_the_database(compose: dict[str, Any]) -> None:
    script = compose["configs"]["roles"]["content"]

    for line in (f"create role {OWNER} login", f"create role {APP} login", f"create database {DATABASE} owner {OWNER}"):
        assert line in script
    assert compose["services"]["postgres"]["configs"][0]["target"].startswith("/docker-entrypoint-initdb.d/")


def test_database_and_queue_are_not_reached_from_outside(compose: dict[str, Any]) -> None:
    for name in ("postgres", "redis"):
        assert compose["services"][name]["networks"] == ["inside"]
        assert "ports" not in compose["services"][name]
    assert compose["networks"]["inside"]["internal"] is True


def test_every_variable_is_in_the_example() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert asked - {"PORTS"} <= set(SAMPLE)


def stages() -> list[list[str]]:
    """The Dockerfile as instructions per stage, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    starts = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


def test_the_image_builds_the_front_end_in_a_stage_and_runs_without_node() -> None:
    first, *_, last = stages()

    assert first[0] == "FROM node:22-bookworm-slim AS frontend"
    assert "RUN npm ci --ignore-scripts --no-progress" in first
    assert "COPY --from=frontend /app/static/vendor static/vendor" in last
    assert "node" not in last[0]


def test_the_image_runs_as_someone_who_may_nothing() -> None:
    last = stages()[-1]
    user = max(number for number, line in enumerate(last) if line.startswith("USER "))

    assert last[user] == "USER fondportalen"
    assert [line for line in last[user:] if line.startswith(("RUN", "COPY", "ADD"))] == []
    assert [line for line in last if line.startswith("HEALTHCHECK")]


def test_the_image_installs_by_hash() -> None:
    assert "--require-hashes" in " ".join(line for stage in stages() for line in stage)


def test_every_file_the_image_copies_by_name_exists() -> None:
    for line in (line for stage in stages() for line in stage if line.startswith("COPY ") and "--from" not in line):
        for name in line.split()[1:-1]:
            assert (ROOT / name).exists(), name
