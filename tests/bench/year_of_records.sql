-- A year of records in a city, made from one real press: so each row is as the house writes it,
-- whatever the schema has. :orders of them, of which four in ten came of a call for help and the
-- others were booked; by day nine tenths. Columns that differ from the press are named here alone.
\set ON_ERROR_STOP on
set synchronous_commit = off;
set session_replication_role = replica; -- each row's references are right by making

-- As the house makes its ids (UUIDv7): by time, then by number.
create function pg_temp.id_of(made timestamptz, n bigint, kind integer) returns uuid
    language sql stable as $$
    select (lpad(to_hex((extract(epoch from made) * 1000)::bigint), 12, '0') || '7'
            || lpad(to_hex((n & 4095)::integer), 3, '0') || '8' || lpad(to_hex(kind), 3, '0')
            || lpad(to_hex(n), 12, '0'))::uuid $$;

-- 400 days, so that something has been kept long enough. A tenth of each day's by night.
create function pg_temp.moment_of(began timestamptz, days double precision) returns timestamptz
    language sql stable as $$
    select began + floor(days) * interval '1 day'
           + case when days - floor(days) < 0.1 then (days - floor(days)) * 60
                  else 6 + (days - floor(days) - 0.1) * 20 end * interval '1 hour' $$;

create temp table people as
    select row_number() over (order by r.id) - 1 as k, r.id as resident, h.id as home, h.area,
           d.id as device
    from resident r join home h on h.id = r.home join device d on d.resident = r.id;
create temp table staff as
    select row_number() over (order by id) - 1 as k, id as worker, provider from worker;
analyze people, staff;

create temp table happened as
    select n, at, n % 10 < 4 as is_call, pg_temp.id_of(at, n, 1) as cause,
           pg_temp.id_of(at, n, 2) as "order", pg_temp.id_of(at, n, 3) as offer,
           p.resident, p.home, p.area, p.device, s.worker, s.provider,
           p.device || ':7:' || n as event, n > :orders - 2000 as is_unasked
    from (select n, pg_temp.moment_of(date_trunc('day', :'now'::timestamptz) - interval '400 days',
                                      400.0 * n / :orders) as at
          from generate_series(1, :orders::bigint) n) g
         join people p on p.k = n * 7919 % (select count(*) from people)
         join staff s on s.k = n * 104729 % (select count(*) from staff);
analyze happened;

insert into alert
select (jsonb_populate_record(a, jsonb_build_object(
    'id', h.cause, 'subject', 'resident:' || h.resident, 'resident', h.resident, 'home', h.home,
    'area', h.area, 'first_event', h.event, 'last_event', h.event, 'state', 'closed',
    'opened_at', h.at, 'raised_at', h.at, 'rang_at', h.at, 'due_at', null, 'ladder_at', null,
    'acknowledge_by', null, 'holder', null, 'claimed_until', null,
    'outcome', (array['helped', 'false_alarm', 'sent_to_hospital'])[1 + n % 3],
    'closed_at', h.at + interval '40 minutes', 'version', 6, 'log_seq', 5))).*
from happened h, alert a where h.is_call and a.id = (select id from alert limit 1) order by h.n;

insert into request (id, subject, area, home, first_event, last_event, level, state, signals,
                     opened_at, closed_at, version, log_seq, log_hash)
select cause, 'resident:' || resident, area, home, event, event, 3, 'closed', 1, at,
       at + interval '5 minutes', 2, 2, sha256(event::bytea)
from happened where not is_call order by n;

insert into service_order
select (jsonb_populate_record(o, jsonb_build_object(
    'id', h."order", 'number', 'Y' || h.n, 'subject', 'resident:' || h.resident, 'home', h.home,
    'area', h.area, 'event', h.event, 'opened_at', h.at, 'held_by', h.offer, 'worker', h.worker,
    'provider', h.provider, 'rating', 3 + n % 3, 'version', 7, 'log_seq', 7,
    'state', case when h.is_unasked then 'completed' else 'followed_up' end,
    'due_at', case when h.is_unasked then :'now'::timestamptz + interval '1 day' end,
    'alert', case when h.is_call then h.cause end,
    'request', case when not h.is_call then h.cause end,
    'service', case when h.is_call then o.service else 'meal' end,
    'level', case when h.is_call then o.level else 3 end,
    'wished_from', case when not h.is_call then h.at + interval '1 day' end,
    'wished_until', case when not h.is_call then h.at + interval '25 hours' end))).*
from happened h, service_order o where o.id = (select id from service_order limit 1) order by h.n;

insert into booking (order_id, resident, unit, minutes, price_fen, words)
select "order", resident, 'meal', 60, 1500, sha256(event::bytea)
from happened where not is_call order by n;

insert into offer
select (jsonb_populate_record(f, jsonb_build_object(
    'id', h.offer, 'order_id', h."order", 'provider', h.provider, 'worker', h.worker,
    'state', 'accepted', 'opened_at', h.at, 'expires_at', h.at + interval '1 minute',
    'due_at', null))).*
from happened h, offer f where f.id = (select id from offer limit 1) order by h.n;

insert into signal
select (jsonb_populate_record(s, jsonb_build_object(
    'event', h.event, 'device', h.device, 'subject', 'resident:' || h.resident,
    'happened_at', h.at, 'received_at', h.at, 'committed_at', h.at, 'alert', h.cause,
    'latitude', 35.0, 'longitude', 118.3, 'accuracy_m', 20))).*
from happened h, signal s where h.is_call and s.event = (select event from signal limit 1)
order by h.n;

insert into search (order_id, at, round, considered)
select "order", at, 1, jsonb_build_array(jsonb_build_object(
    'worker', worker, 'why', 'next', 'distance_m', 800, 'travel_s', 300, 'cost_s', 300))::text
from happened order by n;

insert into log (chain, seq, of, at, what, by_kind, by_who, by_behalf, why, hash)
select * from (
    select h.cause, w.seq::integer, 'alert', h.at + w.seq * interval '1 minute', w.what, 'house',
           '', '', '', sha256(h.event::bytea)
    from happened h, unnest(array['raised', 'rung_reached', 'claimed', 'handled', 'closed'])
         with ordinality as w(what, seq)
    where h.is_call
    union all
    select h."order", w.seq::integer, 'order', h.at + w.seq * interval '3 minutes', w.what, 'house',
           '', '', '', sha256(h.event::bytea)
    from happened h, unnest(array['order_opened', 'offered', 'accepted', 'en_route', 'arrived',
                                  'completed', 'followed_up']) with ordinality as w(what, seq)
) l (chain, seq, of, at, what, by_kind, by_who, by_behalf, why, hash) order by at;

insert into delivery (id, notice, alert, event, why, audience, kind, level, resident, home, area,
                      at, who, channel, others, state, since, logged)
select pg_temp.id_of(at, n, 4), pg_temp.id_of(at, n, 5), cause, event, 'raised', 'contacts', 'sos',
       1, resident, home, area, at, 'contact:' || resident || '/1', 'voice', '{}', 'delivered', at,
       true
from happened where is_call order by n;

insert into access_log (at, who, what, subject, why, area)
select at, 'seat', 'card', 'resident:' || resident, 'alert:' || cause, area
from happened where is_call order by n;

insert into maintenance (device, kind, event, since, last_at, times, ended_at)
select device, 'battery', event, at, at, 1, at + interval '2 days'
from happened where n % 20 = 0 order by n;
