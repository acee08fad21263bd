"""What the database promises: history and ledger are append-only and chained, and no case moves without an event."""

from django.db import migrations

CHAIN = """
create function fundportal_event_chain() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare head fundportal_chainhead;
begin
  if new.case_id is not null then
    insert into fundportal_chainhead (case_id, no, hash, step) values (new.case_id, 0, '', '') on conflict do nothing;
    select * into strict head from fundportal_chainhead where case_id = new.case_id for update;
    if new.from_step <> head.step then
      raise exception 'event leaves step "%", but case % stands on "%"', new.from_step, new.case_id, head.step
        using errcode = 'check_violation';
    end if;
  else
    insert into fundportal_chainhead (fund_id, no, hash, step) values (new.fund_id, 0, '', '') on conflict do nothing;
    select * into strict head from fundportal_chainhead
      where case_id is null and fund_id is not distinct from new.fund_id for update;
  end if;
  new.no := head.no + 1;
  new.body := new.no || E'\\n' || head.hash || E'\\n' || new.body;
  new.hash := encode(sha256(convert_to(new.body, 'UTF8')), 'hex');
  new.recorded_at := clock_timestamp();
  update fundportal_chainhead set no = new.no, hash = new.hash, step = new.to_step where id = head.id;
  return new;
end $$;
create trigger event_chain before insert on fundportal_event for each row execute function fundportal_event_chain();
alter table fundportal_event enable always trigger event_chain;

create function fundportal_event_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - 'told_at' = to_jsonb(old) - 'told_at' then
    return new;
  end if;
  raise exception 'fundportal_event is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger event_stays before update or delete on fundportal_event for each row execute function fundportal_event_stays();
alter table fundportal_event enable always trigger event_stays;

create function fundportal_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger event_not_emptied before truncate on fundportal_event execute function fundportal_append_only();
alter table fundportal_event enable always trigger event_not_emptied;
create trigger entry_stays before update or delete on fundportal_entry for each row execute function fundportal_append_only();
alter table fundportal_entry enable always trigger entry_stays;
create trigger entry_not_emptied before truncate on fundportal_entry execute function fundportal_append_only();
alter table fundportal_entry enable always trigger entry_not_emptied;
create trigger case_stays before delete on fundportal_case for each row execute function fundportal_append_only();
create trigger jav_stays before update or delete on fundportal_jav for each row execute function fundportal_append_only();
"""
CHAIN_REVERSE = """
drop trigger jav_stays on fundportal_jav; drop trigger case_stays on fundportal_case;
drop trigger entry_not_emptied on fundportal_entry; drop trigger entry_stays on fundportal_entry;
drop trigger event_not_emptied on fundportal_event; drop trigger event_stays on fundportal_event;
drop trigger event_chain on fundportal_event;
drop function fundportal_append_only; drop function fundportal_event_stays; drop function fundportal_event_chain;
"""

MOVES = """
create function fundportal_case_moves_by_event() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare stands text; said text;
begin
  select step into stands from fundportal_case where id = new.id;
  select step into said from fundportal_chainhead where case_id = new.id;
  if said is distinct from stands then
    raise exception 'case % stands on "%", but its last event says "%"', new.id, stands, said using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger case_moves_by_event after insert or update of step on fundportal_case
  deferrable initially deferred for each row execute function fundportal_case_moves_by_event();
alter table fundportal_case enable always trigger case_moves_by_event;
"""
MOVES_REVERSE = "drop trigger case_moves_by_event on fundportal_case; drop function fundportal_case_moves_by_event;"

LEDGER = """
create function fundportal_entry_books() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare told fundportal_event; leg record;
begin
  select * into strict told from fundportal_event where id = new.event_id;
  if told.case_id is distinct from new.case_id or (told.fund_id is not null and told.fund_id <> new.fund_id) then
    raise exception 'entry and event belong to different cases or funds' using errcode = 'check_violation';
  end if;
  if told.recorded_at < transaction_timestamp() then
    raise exception 'an entry is written with its event, not after' using errcode = 'check_violation';
  end if;
  for leg in
    select place, account, sum(delta) as delta from (values
      (1, null::bigint, new.source, -new.amount), (2, null, new.target, new.amount),
      (3, new.case_id, new.source, -new.amount), (4, new.case_id, new.target, new.amount)) as legs(nth, place, account, delta)
    where new.case_id is not null or nth < 3
    group by place, account order by place nulls first, account
  loop
    insert into fundportal_balance (fund_id, case_id, account, amount) values (new.fund_id, leg.place, leg.account, 0)
      on conflict (fund_id, case_id, account) do nothing;
    update fundportal_balance set amount = amount + leg.delta
      where fund_id = new.fund_id and case_id is not distinct from leg.place and account = leg.account;
  end loop;
  return new;
end $$;
create trigger entry_books after insert on fundportal_entry for each row execute function fundportal_entry_books();
alter table fundportal_entry enable always trigger entry_books;
"""
LEDGER_REVERSE = "drop trigger entry_books on fundportal_entry; drop function fundportal_entry_books;"

PAPERS = """
create function fundportal_document_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.printed_at is null
     and to_jsonb(new) - array['file', 'sha256', 'size', 'printed_at'] = to_jsonb(old) - array['file', 'sha256', 'size', 'printed_at'] then
    return new;
  end if;
  raise exception 'an issued document is never changed' using errcode = 'insufficient_privilege';
end $$;
create trigger document_stays before update or delete on fundportal_document for each row execute function fundportal_document_stays();
create function fundportal_upload_stays() returns trigger language plpgsql as $$
begin
  if old.event_id is not null then
    raise exception 'a file that an act refers to is never changed' using errcode = 'insufficient_privilege';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger upload_stays before update or delete on fundportal_upload for each row execute function fundportal_upload_stays();
"""
PAPERS_REVERSE = """
drop trigger upload_stays on fundportal_upload; drop function fundportal_upload_stays;
drop trigger document_stays on fundportal_document; drop function fundportal_document_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("fundportal", "0001_initial")]
    operations = [
        migrations.RunSQL(CHAIN, CHAIN_REVERSE),
        migrations.RunSQL(MOVES, MOVES_REVERSE),
        migrations.RunSQL(LEDGER, LEDGER_REVERSE),
        migrations.RunSQL(PAPERS, PAPERS_REVERSE),
    ]
