"""What the database promises of repayment: plans add up in every version, and what is decided or outcome stays as it is."""

from django.db import migrations

STAYS = (
    "planrow",
    "exemption",
    "forecast",
    "reconciliation",
    "settlement",
    "settlementarea",
    "lesson",
    "distributionkey",
    "keyweight",
    "adjustment",
    "adjustmentrow",
    "adjustmentdecision",
    "adjustmentdecisionrow",
    "adjustmentreceipt",
)
APPEND_ONLY = "".join(
    f"create trigger {table}_stays before update or delete on repayment_{table} "
    "for each row execute function fundportal_append_only();\n"
    for table in STAYS
)
APPEND_ONLY_REVERSE = "".join(f"drop trigger {table}_stays on repayment_{table};\n" for table in STAYS)

PLANS = """
create function repayment_plan_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.status = 'proposed' and new.status = 'decided'
     and to_jsonb(new) - array['status', 'decision_id'] = to_jsonb(old) - array['status', 'decision_id'] then
    return new;
  end if;
  raise exception 'a plan is never changed: decide a new version' using errcode = 'insufficient_privilege';
end $$;
create trigger plan_stays before update or delete on repayment_plan for each row execute function repayment_plan_stays();

create function repayment_plan_row_with_its_plan() returns trigger language plpgsql as $$
begin
  if (select e.recorded_at < transaction_timestamp() from repayment_plan p join fundportal_event e on e.id = p.event_id
      where p.id = new.plan_id) then
    raise exception 'a row is written with its plan, not after' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger plan_row_with_its_plan before insert on repayment_planrow
  for each row execute function repayment_plan_row_with_its_plan();

create function repayment_plan_adds_up() returns trigger language plpgsql as $$
declare it repayment_plan; planned numeric; repaid numeric; exempted numeric;
begin
  select * into strict it from repayment_plan where id = (to_jsonb(new) ->> tg_argv[0])::bigint;
  select coalesce(sum(amount), 0) into planned from repayment_planrow where plan_id = it.id;
  if it.to_repay <> it.repaid_before + it.exempted_before + planned then
    raise exception 'plan % does not add up: % to repay, % repaid, % exempted, % planned',
      it.id, it.to_repay, it.repaid_before, it.exempted_before, planned using errcode = 'check_violation';
  end if;
  if it.status = 'decided' then
    select coalesce(sum(n.signed), 0) into repaid from fundportal_entry n join fundportal_event e on e.id = n.event_id
      join fundportal_event d on d.id = it.decision_id where n.case_id = it.case_id and n.kind = 'repaid' and e.no < d.no;
    select coalesce(sum(x.amount), 0) into exempted from repayment_exemption x join fundportal_event e on e.id = x.event_id
      join fundportal_event d on d.id = it.decision_id where x.case_id = it.case_id and e.no <= d.no;
    if it.repaid_before <> repaid or it.exempted_before <> exempted then
      raise exception 'plan % says % repaid and % exempted, but it was % and %',
        it.id, it.repaid_before, it.exempted_before, repaid, exempted using errcode = 'check_violation';
    end if;
  end if;
  return null;
end $$;
create constraint trigger plan_adds_up after insert or update on repayment_plan
  deferrable initially deferred for each row execute function repayment_plan_adds_up('id');
create constraint trigger plan_row_adds_up after insert on repayment_planrow
  deferrable initially deferred for each row execute function repayment_plan_adds_up('plan_id');
"""
PLANS_REVERSE = """
drop trigger plan_row_adds_up on repayment_planrow; drop trigger plan_adds_up on repayment_plan;
drop trigger plan_row_with_its_plan on repayment_planrow; drop trigger plan_stays on repayment_plan;
drop function repayment_plan_adds_up; drop function repayment_plan_row_with_its_plan; drop function repayment_plan_stays;
"""

OUTCOMES = """
create function repayment_within_plan() returns trigger language plpgsql as $$
declare the_case bigint; booked numeric; back numeric; exempted numeric; owed numeric;
begin
  select case_id into strict the_case from fundportal_event where id = new.event_id;
  if tg_table_name = 'repayment_reconciliation' then
    select coalesce(sum(amount), 0) into booked from fundportal_entry
      where event_id = new.event_id and kind = 'repaid' and reverses_id is null;
    if booked <> (to_jsonb(new) ->> 'repaid')::numeric then
      raise exception 'the ledger has % of the reconciliation''s %', booked, to_jsonb(new) ->> 'repaid'
        using errcode = 'check_violation';
    end if;
    select coalesce(sum(n.amount), 0) into booked from fundportal_entry n join fundportal_entry w on w.id = n.reverses_id
      join repayment_reconciliation r on r.event_id = w.event_id
      where n.event_id = new.event_id and r.id = (to_jsonb(new) ->> 'corrects_id')::bigint
        and r.row_id = (to_jsonb(new) ->> 'row_id')::bigint;
    select repaid into owed from repayment_reconciliation where id = (to_jsonb(new) ->> 'corrects_id')::bigint;
    if owed is not null and booked <> owed then
      raise exception 'the ledger takes back % of the corrected reconciliation''s %', booked, owed
        using errcode = 'check_violation';
    end if;
  end if;
  select to_repay into owed from repayment_plan where case_id = the_case and status = 'decided' order by version desc limit 1;
  select coalesce(sum(signed), 0) into back from fundportal_entry where case_id = the_case and kind = 'repaid';
  select coalesce(sum(amount), 0) into exempted from repayment_exemption where case_id = the_case;
  if owed is not null and back + exempted > owed then
    raise exception 'case % would repay % and be exempted % of %', the_case, back, exempted, owed
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger reconciliation_within_plan after insert on repayment_reconciliation
  deferrable initially deferred for each row execute function repayment_within_plan();
create constraint trigger exemption_within_plan after insert on repayment_exemption
  deferrable initially deferred for each row execute function repayment_within_plan();
"""
OUTCOMES_REVERSE = """
drop trigger exemption_within_plan on repayment_exemption; drop trigger reconciliation_within_plan on repayment_reconciliation;
drop function repayment_within_plan;
"""

SHARES = """
create function repayment_key_is_whole() returns trigger language plpgsql as $$
declare whole numeric;
begin
  select coalesce(sum(weight), 0) into whole from repayment_keyweight where key_id = (to_jsonb(new) ->> tg_argv[0])::bigint;
  if whole <> 100 then
    raise exception 'the weights of a key are 100 per cent, not %', whole using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger key_is_whole after insert on repayment_distributionkey
  deferrable initially deferred for each row execute function repayment_key_is_whole('id');
create constraint trigger key_weights_are_whole after insert on repayment_keyweight
  deferrable initially deferred for each row execute function repayment_key_is_whole('key_id');

create function repayment_adjustment_adds_up() returns trigger language plpgsql as $$
declare it repayment_adjustment; spread numeric;
begin
  select * into strict it from repayment_adjustment where id = (to_jsonb(new) ->> tg_argv[0])::bigint;
  select coalesce(sum(amount), 0) into spread from repayment_adjustmentrow where adjustment_id = it.id;
  if spread <> it.amount then
    raise exception 'adjustment % spreads % of %', it.id, spread, it.amount using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger adjustment_adds_up after insert on repayment_adjustment
  deferrable initially deferred for each row execute function repayment_adjustment_adds_up('id');
create constraint trigger adjustment_row_adds_up after insert on repayment_adjustmentrow
  deferrable initially deferred for each row execute function repayment_adjustment_adds_up('adjustment_id');
"""
SHARES_REVERSE = """
drop trigger adjustment_row_adds_up on repayment_adjustmentrow; drop trigger adjustment_adds_up on repayment_adjustment;
drop function repayment_adjustment_adds_up;
drop trigger key_weights_are_whole on repayment_keyweight; drop trigger key_is_whole on repayment_distributionkey;
drop function repayment_key_is_whole;
"""


class Migration(migrations.Migration):
    dependencies = [("repayment", "0001_initial"), ("fundportal", "0002_promises")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_REVERSE),
        migrations.RunSQL(PLANS, PLANS_REVERSE),
        migrations.RunSQL(OUTCOMES, OUTCOMES_REVERSE),
        migrations.RunSQL(SHARES, SHARES_REVERSE),
    ]
