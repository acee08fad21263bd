"""The process table as documents: the process with a diagram, and who may do what where."""

from __future__ import annotations

from collections.abc import Iterable

from fundportal.process import ACTIONS, BEGINS, ENDS, STAYS, STEPS, Action, Role, Stage, Stand, Step

NOTE = "Skrivet ur `fundportal/process.py` av `manage.py docs`. Ändra tabellen, inte den här filen.\n"


def documents() -> dict[str, str]:
    """Every document by its file name."""
    return {"process.md": process(), "rights.md": rights()}


def process() -> str:
    """The process: its stages and steps, its diagram and its actions."""
    return "\n".join(
        [
            "# Processen\n",
            NOTE,
            "## Steg\n",
            "| skede | steg | namn | vems tur | tid |",
            "|---|---|---|---|---|",
            *(_step(step, stand) for step, stand in STEPS.items()),
            "\n## Vägarna\n",
            "Handlingar där ärendet står kvar är utelämnade ur bilden, liksom återkallelse och återupptagande.\n",
            "```mermaid",
            "stateDiagram-v2",
            *_diagram(),
            "```",
            "\n## Åtgärder\n",
            "| åtgärd | namn | från | till | av | krav | inte samma person som | spärrar | brev till |",
            "|---|---|---|---|---|---|---|---|---|",
            *(_action(row) for row in ACTIONS.values()),
            "",
        ]
    )


def _step(step: Step, stand: Stand) -> str:
    stage = f"{stand.stage.value} {stand.stage.label}" if stand.stage else "–"
    days = "–"
    if stand.days is not None:
        days = f"{stand.days} {'arbetsdagar' if stand.working_days else 'dagar'}"
    owner = str(stand.owner.label) if stand.owner else "–"
    return f"| {stage} | `{step}` | {step.label} | {owner} | {days} |"


def _diagram() -> Iterable[str]:
    for stage in Stage:
        yield f'    state "{stage.value} {stage.label}" as stage{stage.value} {{'
        yield from (f'        state "{step.label}" as {step}' for step, stand in STEPS.items() if stand.stage == stage)
        yield "    }"
    yield from (f'    state "{step.label}" as {step}' for step in ENDS)
    yield f"    [*] --> {Step.IDEA}: {ACTIONS[BEGINS].label}"
    for row in ACTIONS.values():
        if row.name in ("withdraw", "reopen"):
            continue
        yield from (f"    {at} --> {to}: {row.label}" for at in row.at for to in row.to if at != to)
    yield from (f"    {step} --> [*]" for step in ENDS)


def _list(items: Iterable[str]) -> str:
    return ", ".join(items) or "–"


def _action(row: Action) -> str:
    cells = [
        f"`{row.name}`",
        str(row.label),
        _list(row.at),
        _list(row.to) if row.to != STAYS else "står kvar",
        _list(str(role.label) for role in row.by),
        _list(f"`{name}`" for name in row.needs),
        _list(f"`{name}`" for name in row.not_by),
        _list(f"`{name}`" for name in row.bars),
        _list(str(role.label) for role in row.tells),
    ]
    return f"| {' | '.join(cells)} |"


def rights() -> str:
    """Who may do what on each step: one table a step, one row an action, one column a role."""
    parts = ["# Rättigheter\n", NOTE, "● får göra åtgärden där. Fyra ögon, spärrar, krav och jäv kommer därutöver.\n"]
    head = f"| åtgärd | {' | '.join(str(role.label) for role in Role)} |"
    for step in (None, *Step):
        rows = [row for row in ACTIONS.values() if (step in row.at if step else not row.at)]
        if not rows:
            continue
        parts += [f"## {step.label if step else 'Innan det finns ett ärende'}\n", head, "|---|" + ":-:|" * len(Role)]
        parts += [f"| {row.label} | {' | '.join('●' if role in row.by else ' ' for role in Role)} |" for row in rows]
        parts.append("")
    return "\n".join(parts)
