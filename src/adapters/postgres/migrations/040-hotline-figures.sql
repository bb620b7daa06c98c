-- What the hotline's figures are counted from, and the checks of calls that waited too long.
drop index concurrently if exists call_came;
create index concurrently call_came on call (rang_at) where source = 'hotline';
drop index concurrently if exists call_waited_long;
create index concurrently call_waited_long on call (rang_at)
    where source = 'hotline'
      and coalesce(answered_at, ended_at) - rang_at > interval '180 seconds';

-- in one transaction
-- What a seat was, from then until its next line.
create table seat_stretch (
    account text not null references account on delete cascade,
    since   timestamptz not null,
    state   text not null
            check (state in ('away', 'ready', 'ringing', 'talking', 'wrapping_up')),
    primary key (account, since)
);
create index seat_stretch_since on seat_stretch (since);

-- A call that waited too long: somebody says why, and what is done about it.
create table wait_check (
    call      uuid primary key references call on delete cascade,
    opened_at timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    personal  bytea,                -- those words
    check ((closed_at is null) = (closed_by is null) and (closed_at is null) = (personal is null))
);
create index wait_check_open on wait_check (opened_at) where closed_at is null;

-- The language or dialect in which somebody can be spoken with; empty: any.
alter table resident add column language text not null default '';
