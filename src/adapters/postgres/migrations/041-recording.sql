-- Whose calls an alert or a request has.
drop index concurrently if exists call_of_alert;
create index concurrently call_of_alert on call (alert) where alert is not null;
drop index concurrently if exists call_of_request;
create index concurrently call_of_request on call (request) where request is not null;

-- in one transaction
-- What was recorded of calls to our own hotline: one file a call, sealed, outside the database. Its
-- key lies here, sealed for whom the call is about (his key, or his home's) or else for the house:
-- without it the file is nothing.
create table recording (
    call       uuid primary key references call (id) on delete cascade,
    state      text not null check (state in ('recording', 'sealed', 'failed', 'gone')),
    begun_at   timestamptz not null,     -- its first sound; before that when it was first seen
    length_ms  integer not null default 0,
    pieces     integer not null default 0,
    bytes      bigint not null default 0, -- of what is played
    file       text not null default '',  -- its name; empty: there is none any more
    whose      text not null default '',  -- resident:ID or home:ID; empty: the house's
    sealed_key bytea,                     -- null: none yet, or destroyed
    settled    boolean not null default false, -- its call is decided, and it is whoever's it is
    check ((state = 'sealed') = (sealed_key is not null))
);
-- What is looked for every few seconds, and each hour what is old.
create index recording_unsettled on recording (call) where state = 'sealed' and not settled;
create index recording_to_remove on recording (call) where state = 'gone' and file <> '';
create index recording_sealed on recording (begun_at) where state in ('sealed', 'failed');
-- For an erasure.
create index recording_whose on recording (whose) where whose <> '';
