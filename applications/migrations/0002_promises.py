"""What the database promises of a running project: what was reported, locked and minuted stays as it was said."""

from django.db import migrations

STAYS = ("reportspend", "reportindicator", "baseline", "baselinerow", "changedraftrow")
APPEND_ONLY = "".join(
    f"create trigger {table}_stays before update or delete on applications_{table} "
    "for each row execute function fundportal_append_only();\n"
    for table in STAYS
)
APPEND_ONLY_REVERSE = "".join(f"drop trigger {table}_stays on applications_{table};\n" for table in STAYS)

REPORTS = """
create function applications_report_stays() returns trigger language plpgsql as $$
declare answer text[] := array['accepted_id', 'returned_id', 'returned_because'];
begin
  if tg_op = 'UPDATE' and old.accepted_id is null and old.returned_id is null
     and to_jsonb(new) - answer = to_jsonb(old) - answer then
    return new;
  end if;
  raise exception 'applications_report is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger report_stays before update or delete on applications_report
  for each row execute function applications_report_stays();

create function applications_report_follows() returns trigger language plpgsql as $$
declare newest int;
begin
  select max(version) into newest from applications_report
    where case_id = new.case_id and year = new.year and period = new.period;
  if new.version <> coalesce(newest, 0) + 1 and newest is distinct from new.version then
    raise exception 'report_version_follows: % after %', new.version, newest using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger report_follows before insert on applications_report
  for each row execute function applications_report_follows();
"""
REPORTS_REVERSE = """
drop trigger report_follows on applications_report; drop function applications_report_follows;
drop trigger report_stays on applications_report; drop function applications_report_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_money"), ("fundportal", "0002_promises")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_REVERSE),
        migrations.RunSQL(REPORTS, REPORTS_REVERSE),
    ]
