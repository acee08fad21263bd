"""What the database promises of a running project: what was reported, locked and minuted stays as it was said.

It also keeps how every project goes, one row for each, as its reports and its ledger say.
"""

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

HEALTH = """
create function applications_health_of_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.step in ('implementation', 'evaluation') then
    insert into applications_health (case_id, step, reported, worst, deviates, granted, paid)
      values (new.id, new.step, '', -1, false, 0, 0)
      on conflict (case_id) do update set step = excluded.step;
  elsif tg_op = 'UPDATE' then
    update applications_health set step = '' where case_id = new.id and step <> '';
  end if;
  return null;
end $$;
create trigger health_of_case after insert or update of step on fundportal_case
  for each row execute function applications_health_of_case();
alter table fundportal_case enable always trigger health_of_case;

create function applications_health_of_entry() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into applications_health as h (case_id, step, reported, worst, deviates, granted, paid) values (
    new.case_id,
    coalesce((select step from fundportal_case where id = new.case_id and step in ('implementation', 'evaluation')), ''),
    '', -1, false,
    case new.kind when 'granted' then new.signed when 'reduced' then -new.signed else 0 end,
    case new.kind when 'paid' then new.signed else 0 end)
  on conflict (case_id) do update set granted = h.granted + excluded.granted, paid = h.paid + excluded.paid;
  return null;
end $$;
create trigger health_of_entry after insert on fundportal_entry for each row
  when (new.case_id is not null and new.kind in ('granted', 'reduced', 'paid'))
  execute function applications_health_of_entry();
alter table fundportal_entry enable always trigger health_of_entry;

create function applications_health_of_report() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare newest applications_report;
begin
  select * into newest from applications_report where case_id = new.case_id and returned_id is null
    order by year desc, period desc, version desc limit 1;
  insert into applications_health (case_id, step, report_id, reported, worst, deviates, granted, paid) values (
    new.case_id, '', newest.id, coalesce(newest.year || '-' || newest.period, ''),
    case when newest.id is null then -1 when 'red' in (newest.time, newest.economy, newest.effect) then 2
      when 'yellow' in (newest.time, newest.economy, newest.effect) then 1 else 0 end,
    coalesce(newest.deviates, false), 0, 0)
  on conflict (case_id) do update
    set report_id = excluded.report_id, reported = excluded.reported, worst = excluded.worst,
      deviates = excluded.deviates;
  return null;
end $$;
create trigger health_of_report after insert or update of returned_id on applications_report
  for each row execute function applications_health_of_report();
alter table applications_report enable always trigger health_of_report;
"""
HEALTH_REVERSE = """
drop trigger health_of_report on applications_report; drop function applications_health_of_report;
drop trigger health_of_entry on fundportal_entry; drop function applications_health_of_entry;
drop trigger health_of_case on fundportal_case; drop function applications_health_of_case;
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_money"), ("fundportal", "0002_promises")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_REVERSE),
        migrations.RunSQL(REPORTS, REPORTS_REVERSE),
        migrations.RunSQL(HEALTH, HEALTH_REVERSE),
    ]
