-- Calls that the house begins on its own hotline: whichever server wants one writes it here, the
-- one that holds the hotline does it and says what came of it.
create table placed_call (
    id        uuid primary key,
    key       text not null unique,       -- the same wish twice has the same
    seat      text not null default '',   -- connected with the number; empty: it is spoken to
    personal  bytea,                      -- number and text, until it is over
    language  text not null default '',
    reference text not null default '',   -- a delivery, an alert, a request, a call
    asked_at  timestamptz not null,
    begin_by  timestamptz not null,       -- later nobody waits for it
    taken_at  timestamptz,                -- by whoever holds the hotline
    begun_at  timestamptz,                -- the engine rings
    ended_at  timestamptz,
    how       text check (how in ('pressed', 'no_key', 'hung_up', 'talked', 'busy', 'not_answered',
                                  'declined', 'no_such_number', 'call_failed', 'hotline_away',
                                  'call_lost')),
    check ((ended_at is null) = (how is null)),
    check (ended_at is null or personal is null)
);
create index placed_call_open on placed_call (asked_at) where ended_at is null;
create index placed_call_over on placed_call (ended_at) where ended_at is not null;
