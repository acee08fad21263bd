"""What the database promises of money while a project runs: files and plans stay, and no nämnd gets more than its grant."""

from django.db import migrations

STAYS = ("plannedpayment", "paymentfile", "paymentfilerow")
APPEND_ONLY = "".join(
    f"create trigger {table}_stays before update or delete on applications_{table} "
    "for each row execute function fundportal_append_only();\n"
    for table in STAYS
)
APPEND_ONLY_REVERSE = "".join(f"drop trigger {table}_stays on applications_{table};\n" for table in STAYS)

REQUISITIONS = """
create function applications_requisition_stays() returns trigger language plpgsql as $$
declare handling text[] := array['status', 'approved_id', 'approved_amount', 'paid', 'voucher', 'booked_on', 'handled_id', 'reason'];
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - handling = to_jsonb(old) - handling then
    return new;
  end if;
  raise exception 'what was asked for is never changed' using errcode = 'insufficient_privilege';
end $$;
create trigger requisition_stays before update or delete on applications_requisition
  for each row execute function applications_requisition_stays();

create function applications_requisition_within_grant() returns trigger language plpgsql as $$
declare taken numeric; had numeric;
begin
  select coalesce(sum(case status when 'awaiting' then amount when 'approved' then approved_amount else paid end), 0)
    into taken from applications_requisition
    where case_id = new.case_id and year = new.year and use = new.use and namnd_id = new.namnd_id;
  select coalesce(sum(case e.kind when 'granted' then e.signed else -e.signed end), 0) into had
    from fundportal_entry e join fundportal_case c on c.id = e.case_id
    where e.case_id = new.case_id and e.kind in ('granted', 'reduced', 'released') and e.year = new.year
      and e.use = new.use and coalesce(e.namnd_id, c.owner_id) = new.namnd_id;
  if new.status <> 'refused' and taken > had then
    raise exception 'requisitions of % exceed the grant of % for case %, %, %, nämnd %',
      taken, had, new.case_id, new.year, new.use, new.namnd_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger requisition_within_grant after insert or update on applications_requisition
  for each row execute function applications_requisition_within_grant();
"""
REQUISITIONS_REVERSE = """
drop trigger requisition_within_grant on applications_requisition; drop function applications_requisition_within_grant;
drop trigger requisition_stays on applications_requisition; drop function applications_requisition_stays;
"""

VOUCHERS = """
create function applications_voucher_row_stays() returns trigger language plpgsql as $$
declare outcome text[] := array['result', 'reason', 'done_id', 'requisition_id'];
begin
  if tg_op = 'UPDATE' and old.result = 'waiting' and to_jsonb(new) - outcome = to_jsonb(old) - outcome then
    return new;
  end if;
  raise exception 'how a row went is never changed' using errcode = 'insufficient_privilege';
end $$;
create trigger voucher_row_stays before update or delete on applications_voucherrow
  for each row execute function applications_voucher_row_stays();
"""
VOUCHERS_REVERSE = "drop trigger voucher_row_stays on applications_voucherrow; drop function applications_voucher_row_stays;"


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial"), ("fundportal", "0002_promises")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_REVERSE),
        migrations.RunSQL(REQUISITIONS, REQUISITIONS_REVERSE),
        migrations.RunSQL(VOUCHERS, VOUCHERS_REVERSE),
    ]
