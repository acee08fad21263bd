"""What the database promises of reviews: what members, bodies and evaluators have said stays as it was said."""

from django.db import migrations

STAYS = (
    "assessment",
    "assessmentscore",
    "standpoint",
    "standpoint_present",
    "condition",
    "conditionmet",
    "reservation",
    "minutes",
    "councilquestion",
    "remissanswer",
    "remisscomment",
    "remissquestion",
    "evaluation",
    "evaluatedeffect",
    "evaluatedsaving",
)
APPEND_ONLY = "".join(
    f"create trigger {table}_stays before update or delete on reviews_{table} "
    "for each row execute function fundportal_append_only();\n"
    for table in STAYS
)
APPEND_ONLY_REVERSE = "".join(f"drop trigger {table}_stays on reviews_{table};\n" for table in STAYS)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("fundportal", "0002_promises")]
    operations = [migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_REVERSE)]
