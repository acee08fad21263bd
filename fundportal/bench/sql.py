"""The statements of the seed. `pick(seed, i, n)` draws one of n, the same for the same case every time."""

KEYS = """
select format('alter table %%s drop constraint %%I', conrelid::regclass, conname),
  format('alter table %%s add constraint %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
from pg_constraint where conrelid = %(table)s::regclass and contype = 'f'
union all select format('drop index %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
from pg_index where indrelid = %(table)s::regclass and not indisunique
"""
BOARDS = """
create function pg_temp.pick(seed text, i bigint, n int) returns int immutable language sql
  return (abs(hashtextextended(seed, i) % n))::int;
create temp table board as
  select row_number() over (order by id)::int as no, id, short from fundportal_namnd
  where active_to is null and kind <> 'ks' order by id;
"""

BOARD_PEOPLE = """
insert into fundportal_user (password, is_superuser, email, first_name, last_name, title, is_active, scheme, letters)
select %(password)s, false, person.kind || b.no || '@' || %(domain)s::text, person.first, 'Nämnd ' || b.no, '', true, 'auto',
  true
from board b, (values ('namnd', 'Sökande'), ('chef', 'Chef')) as person (kind, first)
"""

BOARD_GRANTS = """
insert into fundportal_namndusergrant (permission_id, user_id, content_object_id)
select p.id, u.id, b.id from board b
join fundportal_user u on u.email in ('namnd' || b.no || '@' || %(domain)s::text, 'chef' || b.no || '@' || %(domain)s::text)
  or (b.no = 1 and u.email = 'namnd2@' || %(domain)s::text)
join auth_permission p on p.codename in ('act_as_manager', 'act_as_applicant')
  and (p.codename = 'act_as_manager' or u.email like 'namnd%%')
join django_content_type t on t.id = p.content_type_id and t.app_label = 'fundportal' and t.model = 'namnd'
"""

CENTRAL_PEOPLE = """
insert into fundportal_user (password, is_superuser, email, first_name, last_name, title, is_active, scheme, letters)
select %(password)s, false, %(role)s::text || no || '@' || %(domain)s::text, initcap(%(role)s::text), 'Nummer ' || no, '', true, 'auto',
  true
from generate_series(1, %(count)s) as no
"""
GROUP = "insert into auth_group (name) values (%(role)s) on conflict do nothing"
GROUP_RIGHT = """
insert into auth_group_permissions (group_id, permission_id)
select g.id, p.id from auth_group g, auth_permission p
join django_content_type t on t.id = p.content_type_id and t.app_label = 'fundportal' and t.model = 'case'
where g.name = %(role)s and p.codename = 'act_as_' || %(role)s::text on conflict do nothing
"""
MEMBERS = """
insert into fundportal_user_groups (user_id, group_id)
select u.id, g.id from fundportal_user u, auth_group g
where g.name = %(role)s and u.email like %(role)s::text || '%%@' || %(domain)s::text
"""
ACTORS = """
create temp table actor as
  select u.id, u.first_name || ' ' || u.last_name as name, regexp_replace(split_part(u.email, '@', 1), '[0-9]+$', '')
    as kind, substring(split_part(u.email, '@', 1) from '[0-9]+$')::int as no
  from fundportal_user u where u.email like '%%@' || %(domain)s::text
"""

FUND = """
insert into fundportal_fund
  (name, status)
values ('Mätfonden', 'open')
"""
ROUNDS = """
insert into fundportal_round (fund_id, name, opens_on, closes_on)
select f.id, 'Omgång ' || no, %(today)s::date - no * 180, %(today)s::date - no * 180 + 210
from fundportal_fund f, generate_series(0, 19) as no where f.name = 'Mätfonden'
"""

DRAFTED = """
create temp table drafted as
select i as id, b.id as owner, b.no as board, s.step, s.ended,
  s.least + pg_temp.pick('done', i, s.most - s.least + 1) as events,
  (array['Tidiga samordnade insatser', 'Skolnärvaro', 'Vägen till arbete', 'Trygg hemgång', 'Stärkt föräldraskap',
    'Språkstart', 'Bostad först', 'Fritid på lika villkor', 'Fallförebyggande arbete', 'Digital delaktighet',
    'Unga mammor', 'Nyanlända familjer'])[1 + pg_temp.pick('what', i, 12)] || ' ' ||
  (array['för barn och unga', 'i ytterstaden', 'för äldre', 'i förskolan', 'för familjer', 'efter placering',
    'i samverkan med regionen', 'för långtidsarbetslösa', 'i gymnasiet', 'för personer i hemlöshet'])
    [1 + pg_temp.pick('whom', i, 10)] || ', ' || b.short as title,
  case when s.step = 'idea' or (s.step = 'idea_check' and pg_temp.pick('free', i, 2) = 0) then null
    else 1 + pg_temp.pick('officer', i, 8) end as officer,
  (200 + 10 * pg_temp.pick('asked', i, 980)) * 1000::numeric as requested,
  case when s.ended or (s.days is null and pg_temp.pick('set', i, 3) > 0) then null
    else %(today)s::date - 30 + pg_temp.pick('due', i, 150) end as due_on,
  %(today)s::timestamptz - pg_temp.pick('day', i, 120) * interval '1 day' + pg_temp.pick('at', i, 36000) * interval
    '1 second' - interval '1 day' - case when s.ended then i * interval '40 minutes' else '0' end as entered_at
from generate_series(1, %(cases)s) as i
join board b on b.no = 1 + pg_temp.pick('board', i, (select count(*) from board)::int)
join stand s on s.place = pg_temp.pick('step', i, 100)
"""

CASES = (
    """
insert into fundportal_case (id, number, title, fund_id, round_id, owner_id, scope, officer_id, step, entered_at, due_on,
  created_at, submitted_at, requested, first_year, last_year, closed_at, closed_because)
select d.id, 'SIF-2026-' || lpad(d.id::text, 6, '0'), d.title, r.fund_id, r.id, d.owner, 'several', a.id, d.step,
  d.entered_at, d.due_on, d.entered_at - (d.events - 1) * interval '6 days 7 hours',
  case when d.step <> 'idea' then d.entered_at - greatest(d.events - 3, 0) * interval '6 days 7 hours' end,
  case when d.step <> 'idea' then d.requested end, 2026, 2028, case when d.ended then d.entered_at end,
  case when d.ended then 'Avslutat enligt beslut' else '' end
from drafted d
join fundportal_round r on r.name = 'Omgång ' || pg_temp.pick('round', d.id, 20)
left join actor a on a.kind = 'officer' and a.no = d.officer order by d.id
""",
    """
insert into fundportal_party (case_id, namnd_id, part, since, accepted_at)
select c.id, c.owner_id, 'owner', c.created_at, c.created_at from fundportal_case c order by c.id
""",
    """
insert into fundportal_party (case_id, namnd_id, part, since, accepted_at)
select c.id, b.id, kind.part, c.created_at, case when kind.part = 'partner' then c.created_at end
from fundportal_case c cross join (values ('partner', 0), ('remiss', 1), ('remiss', 2)) as kind (part, nth)
join board b on b.no = 1 + pg_temp.pick('party' || kind.nth, c.id, (select count(*) from board)::int)
where b.id <> c.owner_id and (kind.part = 'remiss') <= (c.requested is not null) order by c.id on conflict do nothing
""",
    """
insert into fundportal_dnr (case_id, authority, dnr, registered_on, reason)
select c.id, 'Kommunstyrelsen', 'KS 2026/' || c.id, c.submitted_at::date, '' from fundportal_case c
where c.submitted_at is not null order by c.id
""",
)

LINKS = (
    "drop table if exists before",
    "alter table link rename to before",
    "create temp table link (id bigint primary key, hash text not null)",
)
"""Before each round of events: the hashes that the last round wrote are those that the next goes on from."""
EVENTS = """
with made as (
insert into fundportal_event (case_id, no, action, by_id, by_name, role, at, from_step, to_step, data, recorded_at,
  told_at, body, hash)
select id, no, action, by_id, by_name, role, at, from_step, to_step, data::jsonb, at, at, body,
  encode(sha256(convert_to(body, 'UTF8')), 'hex')
from (
  select e.*, no || E'\\n' || before || E'\\n' || format(
    '{"action":"%%s","at":"%%s","by":%%s,"by_name":"%%s","case":"SIF-2026-%%s","data":%%s,"from":"%%s","fund":null,'
    '"role":"%%s","to":"%%s"}', action, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00', by_id, by_name,
    lpad(id::text, 6, '0'), data, from_step, role, to_step) as body
  from (
    select d.id, w.no, w.action, a.id as by_id, a.name as by_name, w.role, w.from_step, w.to_step,
      d.entered_at - (d.events - w.no) * interval '6 days 7 hours' as at, coalesce(p.hash, '') as before,
      case when w.to_step <> w.from_step and w.role in ('director', 'officer') then
        '{"reasons":"Satsningen är väl beskriven och svarar mot fondens riktlinjer. Effekterna följs upp vid bokslut."}'
        when w.action = 'assign' then '{"officer":' || a.id || '}' else '{}' end as data
    from drafted d
    join way w on w.step = d.step and w.no = %(no)s and w.no <= d.events
    join actor a on a.kind = case w.role when 'applicant' then 'namnd' when 'manager' then 'chef'
        when 'respondent' then 'namnd' when 'steering' then 'chef' else w.role end
      and a.no = case w.role when 'applicant' then d.board when 'manager' then d.board when 'steering' then d.board
        when 'respondent' then 1 + (d.board + w.no) %% (select count(*) from board)
        when 'officer' then coalesce(d.officer, 1) when 'council' then 1 + w.no %% 5
        when 'controller' then 1 + d.id %% 2 else 1 end
    left join before p on p.id = d.id
  ) as e
) as told order by id
returning case_id, hash) insert into link select case_id, hash from made
"""

HANGING = (
    """
insert into fundportal_chainhead (case_id, no, hash, step)
select e.case_id, e.no, e.hash, e.to_step from fundportal_event e join drafted d on d.id = e.case_id and d.events = e.no
order by e.case_id
""",
    """
insert into fundportal_event (fund_id, no, action, by_name, role, at, from_step, to_step, data, recorded_at, told_at, body,
  hash)
select f.id, 1, 'reserve', 'Kommunfullmäktige', 'controller', %(today)s::timestamptz - interval '9000 days', '', '',
  '{}', now(), now(), '', '' from fundportal_fund f where f.name = 'Mätfonden'
""",
    """
insert into fundportal_entry (event_id, fund_id, kind, source, target, amount, at, booked_on, year, use, text)
select e.id, e.fund_id, 'reserved', 'equity', 'fund', 900000000000, e.at, (e.at at time zone 'Europe/Stockholm')::date, 2026,
  '', '' from fundportal_event e
where e.action = 'reserve'
""",
    """
insert into fundportal_entry (event_id, fund_id, case_id, kind, source, target, amount, at, booked_on, year, use, namnd_id,
  text)
select e.id, c.fund_id, c.id, m.kind, m.source, m.target, round(c.requested * m.part, -3), e.at,
  (e.at at time zone 'Europe/Stockholm')::date, m.year, m.use, c.owner_id, ''
from fundportal_event e join fundportal_case c on c.id = e.case_id
join (values ('record_board_decision', 'granted', 'fund', 'granted', 0.4, 2026, 'develop'),
  ('record_board_decision', 'granted', 'fund', 'granted', 0.4, 2027, 'introduce'),
  ('record_board_decision', 'granted', 'fund', 'granted', 0.1, 2028, 'evaluate'),
  ('pay', 'paid', 'granted', 'paid', 0.2, 2026, 'develop'), ('pay', 'paid', 'granted', 'paid', 0.1, 2027, 'introduce'),
  ('close_investment', 'released', 'granted', 'fund', 0.1, 2027, 'introduce'),
  ('reconcile_year', 'repaid', 'savings', 'fund', 0.1, 2028, '')) as m (action, kind, source, target, part, year, use)
  on m.action = e.action
order by e.id
""",
    """
insert into fundportal_balance (fund_id, case_id, account, amount)
select fund_id, case_id, account, sum(amount) from (
  select fund_id, null::bigint as case_id, source as account, -amount as amount from fundportal_entry
  union all select fund_id, null, target, amount from fundportal_entry
  union all select fund_id, case_id, source, -amount from fundportal_entry where case_id is not null
  union all select fund_id, case_id, target, amount from fundportal_entry where case_id is not null
) as legs group by fund_id, case_id, account order by case_id
""",
    """
insert into fundportal_turnover (fund_id, month, kind, year, amount)
select fund_id, date_trunc('month', booked_on), kind, coalesce(year, 0), sum(signed) from fundportal_entry group by 1, 2, 3, 4
""",
    """
insert into fundportal_document (case_id, event_id, kind, title, version, template, content, content_sha256, created_at,
  file, sha256, size, printed_at, place)
select e.case_id, e.id, m.kind, m.title, 1, 'pdf/sheet.html', content, encode(sha256(convert_to(content, 'UTF8')), 'hex'),
  e.at, '', '', 40000, e.at, ''
from fundportal_event e
join (values ('submit_idea', 'idea', 'Idéskiss'), ('conclude_council', 'council_opinion', 'Rådets ställningstagande'),
  ('submit_application', 'application', 'Ansökan'), ('propose_decision', 'tjansteutlatande', 'Tjänsteutlåtande'),
  ('record_board_decision', 'board_decision', 'Kommunstyrelsens beslut'), ('report', 'report', 'Lägesrapport'),
  ('submit_evaluation', 'evaluation', 'Utvärdering')) as m (action, kind, title) on m.action = e.action
cross join lateral (select '{"head":{},"sections":[{"text":"' || repeat('Satsningen följer barnen över tid. ', 12) ||
  '","title":"' || m.title || '"}]}' as content) as written
order by e.id
""",
    """
insert into fundportal_casetext (case_id, title, numbers, namnd, idea, application, papers, draft)
select c.id, c.title, regexp_replace(c.number || coalesce(' KS 2026/' || d.case_id, ' '), '[^[:alnum:]]+', ' ', 'g'),
  n.name || ' ' || n.short, coalesce(p.idea, ''), coalesce(p.application, ''), coalesce(p.papers, ''), ''
from fundportal_case c join fundportal_namnd n on n.id = c.owner_id
left join fundportal_dnr d on d.case_id = c.id
left join (
  select case_id, string_agg(title, ' ') as papers,
    max(case when kind = 'idea' then fundportal_words_of(content) end) as idea,
    max(case when kind = 'application' then fundportal_words_of(content) end) as application
  from fundportal_document group by case_id
) as p on p.case_id = c.id order by c.id
""",
    """
insert into applications_submission (case_id, event_id, sheet, no, at, late, late_reason)
select e.case_id, e.id, case e.action when 'submit_idea' then 'idea' else 'application' end, 1, e.at, false, ''
from fundportal_event e where e.action in ('submit_idea', 'submit_application') order by e.id
""",
    """
insert into applications_projectfacts (case_id, event_id, sheet, target_group, reached, intervention, contact, partners,
  estimated_cost, saving_expected, saving_per_year, payback_year)
select e.case_id, e.id, 'idea', 'Barn i årskurs 1 till 3 med lång frånvaro, och deras familjer.', 120,
  'Ett team av pedagoger och socialsekreterare möter familjen inom en vecka och följer den i ett år.', e.by_name, '',
  c.requested, true, round(c.requested * 0.3, -3), 2031
from fundportal_event e join fundportal_case c on c.id = e.case_id where e.action = 'submit_idea' order by e.id
""",
    """
insert into applications_ideadecision (case_id, event_id, approved, reasons, conditions, criteria, criteria_text,
  signed_sha256)
select e.case_id, e.id, e.action = 'approve_idea', 'Idén svarar mot fondens ändamål.', '',
  case when e.action = 'approve_idea' then '[]' else '["prevention"]' end::jsonb, '', repeat('0', 64)
from fundportal_event e where e.action in ('approve_idea', 'reject_idea') order by e.id
""",
    """
insert into applications_investment (case_id, event_id, begun_on, ended_on, handed_back, released, voucher)
select e.case_id, e.id, least(e.at::date, coalesce(ended.at::date, e.at::date)), ended.at::date, 0, 0, ''
from fundportal_event e
left join fundportal_event ended on ended.case_id = e.case_id and ended.action = 'close_investment'
where e.action = 'record_board_decision' order by e.id
""",
    """
insert into applications_report (case_id, event_id, year, period, women, men, children, time, economy, effect, measure,
  measure_owner, measure_on, deviates, comment, version, reason, accepted_id, returned_because)
select e.case_id, e.id, 2026, 'T1', 40, 35, 90, case when e.case_id %% 11 = 0 then 'red' else 'green' end,
  case when e.case_id %% 5 = 0 then 'yellow' else 'green' end, 'green', 'En tjänst till tillsätts.', 'Projektledaren',
  %(today)s, e.case_id %% 13 = 0, '', 1, '', a.id, ''
from fundportal_event e left join fundportal_event a on a.case_id = e.case_id and a.action = 'accept_report'
where e.action = 'report' order by e.id
""",
    """
insert into applications_health (case_id, step, report_id, reported, worst, deviates, granted, paid)
select c.id, case when c.step in ('implementation', 'evaluation') then c.step else '' end, r.id,
  coalesce(r.year || '-' || r.period, ''),
  case when r.id is null then -1 when r.time = 'red' then 2 when r.economy = 'yellow' then 1 else 0 end,
  coalesce(r.deviates, false), coalesce(m.granted, 0), coalesce(m.paid, 0)
from fundportal_case c left join applications_report r on r.case_id = c.id
left join (
  select case_id, sum(signed) filter (where kind = 'granted') as granted, sum(signed) filter (where kind = 'paid') as paid
  from fundportal_entry where case_id is not null group by case_id
) as m on m.case_id = c.id
where m.case_id is not null or c.step in ('implementation', 'evaluation') order by c.id
""",
    """
insert into fundportal_letter (key, user_id, case_id, address, fill, subject, body, by_mail, created_at, attempts, sent_at,
  read_at)
select 'bench:' || u.id || ':' || c.id, u.id, c.id, '', '', 'Något har hänt i ' || c.number, 'Läs mer i portalen.', true,
  c.entered_at, 1, c.entered_at, case when c.id %% 4 > 0 then c.entered_at end
from fundportal_case c join fundportal_user u on u.email in ('namnd1@' || %(domain)s::text, 'officer1@' || %(domain)s::text)
where c.id <= 60
""",
)
