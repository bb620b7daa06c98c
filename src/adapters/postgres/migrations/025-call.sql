-- Calls to the hotline, as an installation's telephone system tells of them.
create table call (
    id          uuid primary key,
    source      text not null,            -- the telephone system
    name        text not null,            -- of the call, there
    personal    bytea not null,           -- the caller's number, and why it was no case
    phone_hmac  bytea,                    -- of that number; null: withheld
    called      text not null default '',
    area        text not null,            -- of the line that was called
    first_heard timestamptz not null,
    rang_at     timestamptz,
    answered_at timestamptz,
    ended_at    timestamptz,
    seat        text not null default '',
    recording   text not null default '',
    outcome     text check (outcome in ('joined', 'alert', 'request', 'missed', 'no_case')),
    decided_by  text not null default '', -- empty: the house
    alert       uuid,
    request     uuid,
    on_alert    text[] not null default '{}', -- what its alert's log holds of it
    version     integer not null,
    unique (source, name)
);
-- What the desks have before them.
create index call_undecided on call (id) where outcome is null;
create index call_going_on on call (first_heard) where ended_at is null and outcome is not null;
create index call_missed on call (request) where outcome = 'missed';

-- Whose number a call comes from: workers', too. "linli migrate" fills it for those that there are.
alter table worker add column phone_hmac bytea;
create index worker_phone on worker (phone_hmac);

-- A caller whom nobody knows is "area:310000/call:ID": his line's area sees who asked for him.
create or replace function area_of_subject(subject text) returns text language sql stable as $$
    select case split_part(subject, ':', 1)
        when 'resident' then (select h.area from resident r join home h on h.id = r.home
                              where r.id = substr(subject, 10))
        when 'home' then (select h.area from home h where h.id = substr(subject, 6))
        when 'device' then (select h.area from device d left join resident r on r.id = d.resident
                            join home h on h.id = coalesce(d.home, r.home)
                            where d.id = split_part(substr(subject, 8), '/', 1))
        when 'worker' then (select s.area from worker w join site s on s.id = w.site
                            where w.id = substr(subject, 8))
        when 'user' then (select a.area from account a where a.id = substr(subject, 6))
        when 'area' then split_part(substr(subject, 6), '/', 1)
    end
$$;
