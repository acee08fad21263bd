"""The city's boards: 14, 13 and 11 districts and the specialist boards, with who succeeded whom."""

from typing import Any

from django.db import migrations

from fundportal.city import BOARDS


def add(apps: Any, schema_editor: Any) -> None:
    """Add the boards that are not there."""
    namnd = apps.get_model("fundportal", "Namnd")
    for board in BOARDS:
        namnd.objects.get_or_create(
            code=board.code,
            defaults={
                "name": board.name,
                "short": board.short,
                "kind": board.kind,
                "active_from": board.active_from,
                "active_to": board.active_to,
            },
        )
    for board in BOARDS:
        if board.successor:
            namnd.objects.filter(code=board.code).update(successor=namnd.objects.get(code=board.successor))


class Migration(migrations.Migration):
    dependencies = [("fundportal", "0002_promises")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
