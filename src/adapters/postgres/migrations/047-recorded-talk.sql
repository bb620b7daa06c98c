-- A talk with whom an operator has rung may be recorded as well. It is found by the engine's name
-- of it, known once it is over, and belongs to what she rang him about.
alter table placed_call
    add column name text,
    add column about uuid generated always as (
        case when seat <> '' and reference ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
             then reference::uuid end) stored;
create index placed_call_named on placed_call (name) where name is not null;
create index placed_call_about on placed_call (about) where about is not null;

-- Of a call that came or of one that we began.
alter table recording
    drop constraint recording_pkey,
    alter column call drop not null,
    add column placed uuid references placed_call (id) on delete cascade,
    add check (num_nonnulls(call, placed) = 1);
alter table recording
    add column id uuid generated always as (coalesce(call, placed)) stored primary key;
create unique index recording_of_call on recording (call) where call is not null;
create unique index recording_of_placed on recording (placed) where placed is not null;
drop index recording_unsettled;
create index recording_unsettled on recording (id) where state = 'sealed' and not settled;
drop index recording_to_remove;
create index recording_to_remove on recording (id) where state = 'gone' and file <> '';
