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
create function fundportal_jav_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.withdrawal_id is null
     and to_jsonb(new) - 'withdrawal_id' = to_jsonb(old) - 'withdrawal_id' then
    return new;
  end if;
  raise exception 'fundportal_jav is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger jav_stays before update or delete on fundportal_jav for each row execute function fundportal_jav_stays();
create trigger declaration_stays before update or delete on fundportal_declaration for each row execute function fundportal_append_only();
create trigger interest_stays before update or delete on fundportal_interest for each row execute function fundportal_append_only();
create trigger tiejudgement_stays before update or delete on fundportal_tiejudgement for each row execute function fundportal_append_only();
"""
CHAIN_REVERSE = """
drop trigger tiejudgement_stays on fundportal_tiejudgement; drop trigger interest_stays on fundportal_interest;
drop trigger declaration_stays on fundportal_declaration;
drop trigger jav_stays on fundportal_jav; drop function fundportal_jav_stays; drop trigger case_stays on fundportal_case;
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
create function fundportal_entry_day() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare was fundportal_entry;
begin
  perform 1 from fundportal_fund where id = new.fund_id for no key update;
  new.booked_on := (new.at at time zone 'Europe/Stockholm')::date;
  if exists (select from fundportal_periodlock where fund_id = new.fund_id and year >= extract(year from new.booked_on)) then
    raise exception 'the books of % are locked', extract(year from new.booked_on)
      using errcode = 'check_violation', constraint = 'entry_in_an_open_year';
  end if;
  if new.grant_id is not null and not exists (
    select from fundportal_centralgrant where id = new.grant_id and fund_id = new.fund_id) then
    raise exception 'entry and central grant belong to different funds' using errcode = 'check_violation';
  end if;
  if new.reverses_id is not null then
    select * into strict was from fundportal_entry where id = new.reverses_id;
    if was.reverses_id is not null
      or (was.fund_id, was.kind, was.amount, was.source, was.target, was.use)
        is distinct from (new.fund_id, new.kind, new.amount, new.target, new.source, new.use)
      or (was.case_id, was.grant_id, was.year, was.namnd_id) is distinct from (new.case_id, new.grant_id, new.year, new.namnd_id)
    then
      raise exception 'a correction mirrors the entry it names, and corrects no correction'
        using errcode = 'check_violation', constraint = 'entry_mirrors_what_it_reverses';
    end if;
  end if;
  return new;
end $$;
create trigger entry_day before insert on fundportal_entry for each row execute function fundportal_entry_day();
alter table fundportal_entry enable always trigger entry_day;

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
  if told.at <> new.at then
    raise exception 'an entry is booked when its event says' using errcode = 'check_violation';
  end if;
  for leg in
    select place, central, account, sum(delta) as delta from (values
      (1, null::bigint, null::bigint, new.source, -new.amount), (2, null, null, new.target, new.amount),
      (3, new.case_id, new.grant_id, new.source, -new.amount), (4, new.case_id, new.grant_id, new.target, new.amount))
      as legs(nth, place, central, account, delta)
    where new.case_id is not null or new.grant_id is not null or nth < 3
    group by place, central, account order by place nulls first, central nulls first, account
  loop
    insert into fundportal_balance (fund_id, case_id, grant_id, account, amount)
      values (new.fund_id, leg.place, leg.central, leg.account, 0)
      on conflict (fund_id, case_id, grant_id, account) do nothing;
    update fundportal_balance set amount = amount + leg.delta
      where fund_id = new.fund_id and case_id is not distinct from leg.place
        and grant_id is not distinct from leg.central and account = leg.account;
  end loop;
  insert into fundportal_turnover as t (fund_id, month, kind, year, amount)
    values (new.fund_id, date_trunc('month', new.booked_on), new.kind, coalesce(new.year, 0), new.signed)
    on conflict (fund_id, month, kind, year) do update set amount = t.amount + excluded.amount;
  return new;
end $$;
create trigger entry_books after insert on fundportal_entry for each row execute function fundportal_entry_books();
alter table fundportal_entry enable always trigger entry_books;

create function fundportal_period_locks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from fundportal_fund where id = new.fund_id for no key update;
  if new.year >= extract(year from clock_timestamp() at time zone 'Europe/Stockholm') then
    raise exception 'the books of a year are locked when it is over' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger period_locks before insert on fundportal_periodlock for each row execute function fundportal_period_locks();
alter table fundportal_periodlock enable always trigger period_locks;
create trigger period_stays before update or delete on fundportal_periodlock for each row execute function fundportal_append_only();
create trigger rules_stay before update or delete on fundportal_fundrules for each row execute function fundportal_append_only();
create trigger central_grant_stays before update or delete on fundportal_centralgrant for each row execute function fundportal_append_only();
create trigger proof_stays before update or delete on fundportal_proof for each row execute function fundportal_append_only();
"""
LEDGER_REVERSE = """
drop trigger proof_stays on fundportal_proof; drop trigger central_grant_stays on fundportal_centralgrant;
drop trigger rules_stay on fundportal_fundrules; drop trigger period_stays on fundportal_periodlock;
drop trigger period_locks on fundportal_periodlock; drop function fundportal_period_locks;
drop trigger entry_books on fundportal_entry; drop function fundportal_entry_books;
drop trigger entry_day on fundportal_entry; drop function fundportal_entry_day;
"""

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


FOUND = """
create function fundportal_words_of(content text) returns text language plpgsql immutable as $$
begin
  return left((select coalesce(string_agg(part #>> '{}', ' '), '')
    from jsonb_path_query(content::jsonb, '$.sections[*].text') as part), 100000);
exception when invalid_text_representation or untranslatable_character then
  return '';
end $$;

create function fundportal_numbers_of(of_case bigint) returns text language sql stable as $$
  select regexp_replace(c.number || ' ' || coalesce((select string_agg(d.dnr, ' ') from fundportal_dnr d where d.case_id = c.id), ''),
    '[^[:alnum:]]+', ' ', 'g') from fundportal_case c where c.id = of_case
$$;

create function fundportal_case_is_found() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into fundportal_casetext (case_id, title, numbers, namnd, idea, application, papers, draft)
    select new.id, new.title, fundportal_numbers_of(new.id), n.name || ' ' || n.short, '', '', '', ''
    from fundportal_namnd n where n.id = new.owner_id
    on conflict (case_id) do update set title = excluded.title, numbers = excluded.numbers, namnd = excluded.namnd;
  return null;
end $$;
create trigger case_is_found after insert or update of title, number, owner_id on fundportal_case
  for each row execute function fundportal_case_is_found();
alter table fundportal_case enable always trigger case_is_found;

create function fundportal_namnd_is_found() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update fundportal_casetext t set namnd = new.name || ' ' || new.short from fundportal_case c
    where c.id = t.case_id and c.owner_id = new.id;
  return null;
end $$;
create trigger namnd_is_found after update of name, short on fundportal_namnd
  for each row execute function fundportal_namnd_is_found();

create function fundportal_dnr_is_found() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare of_case bigint := case when tg_op = 'DELETE' then old.case_id else new.case_id end;
begin
  update fundportal_casetext set numbers = fundportal_numbers_of(of_case) where case_id = of_case;
  return null;
end $$;
create trigger dnr_is_found after insert or update or delete on fundportal_dnr
  for each row execute function fundportal_dnr_is_found();
alter table fundportal_dnr enable always trigger dnr_is_found;

create function fundportal_document_is_found() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update fundportal_casetext set papers = left(papers || ' ' || new.title, 20000),
    idea = case when new.kind = 'idea' then fundportal_words_of(new.content) else idea end,
    application = case when new.kind = 'application' then fundportal_words_of(new.content) else application end
    where case_id = new.case_id;
  return null;
end $$;
create trigger document_is_found after insert on fundportal_document
  for each row execute function fundportal_document_is_found();
alter table fundportal_document enable always trigger document_is_found;

create function fundportal_draft_is_found() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare of_case bigint := case when tg_op = 'DELETE' then old.case_id else new.case_id end;
begin
  update fundportal_casetext set draft = left((select coalesce(string_agg(said #>> '{}', ' '), '')
    from fundportal_draft d, jsonb_path_query(d.answers, 'strict $.** ? (@.type() == "string")') as said
    where d.case_id = of_case and d.sheet in ('idea', 'application', 'evaluation')), 100000) where case_id = of_case;
  return null;
end $$;
create trigger draft_is_found after insert or update of answers or delete on fundportal_draft
  for each row execute function fundportal_draft_is_found();
alter table fundportal_draft enable always trigger draft_is_found;
"""
FOUND_REVERSE = """
drop trigger draft_is_found on fundportal_draft; drop function fundportal_draft_is_found;
drop trigger document_is_found on fundportal_document; drop function fundportal_document_is_found;
drop trigger dnr_is_found on fundportal_dnr; drop function fundportal_dnr_is_found;
drop trigger namnd_is_found on fundportal_namnd; drop function fundportal_namnd_is_found;
drop trigger case_is_found on fundportal_case; drop function fundportal_case_is_found;
drop function fundportal_numbers_of; drop function fundportal_words_of;
"""

LEAVES = """
create function fundportal_user_leaves() returns trigger language plpgsql as $$
begin
  if exists (select from fundportal_case where officer_id = new.id and closed_at is null) then
    raise exception 'user % has open cases: hand them over first', new.id
      using errcode = 'check_violation', constraint = 'user_leaves_no_case_behind';
  end if;
  return new;
end $$;
create trigger user_leaves before update of is_active on fundportal_user for each row
  when (old.is_active and not new.is_active) execute function fundportal_user_leaves();
alter table fundportal_user enable always trigger user_leaves;
"""
LEAVES_REVERSE = "drop trigger user_leaves on fundportal_user; drop function fundportal_user_leaves;"


NOTES = """
create trigger note_stays before update or delete on fundportal_note for each row execute function fundportal_append_only();
create trigger note_strike_stays before update or delete on fundportal_notestrike
  for each row execute function fundportal_append_only();
alter table fundportal_note enable always trigger note_stays;
alter table fundportal_notestrike enable always trigger note_strike_stays;
"""
NOTES_REVERSE = "drop trigger note_strike_stays on fundportal_notestrike; drop trigger note_stays on fundportal_note;"


class Migration(migrations.Migration):
    dependencies = [("fundportal", "0001_initial")]
    operations = [
        migrations.RunSQL(CHAIN, CHAIN_REVERSE),
        migrations.RunSQL(MOVES, MOVES_REVERSE),
        migrations.RunSQL(LEDGER, LEDGER_REVERSE),
        migrations.RunSQL(PAPERS, PAPERS_REVERSE),
        migrations.RunSQL(FOUND, FOUND_REVERSE),
        migrations.RunSQL(LEAVES, LEAVES_REVERSE),
        migrations.RunSQL(NOTES, NOTES_REVERSE),
    ]
