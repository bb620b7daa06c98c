-- Our own hotline: how each of its calls stands, who sits at a desk, which telephones were rung,
-- and what is wished for a call. Whichever server a page talks with writes here; the one that holds
-- the hotline reads it and does it.
alter table call
    add column waits   boolean not null default false, -- for an operator
    add column rank    text check (rank in ('emergency', 'frail', 'silent_again', 'other')),
    add column place   integer not null default 0,     -- in the line; 0: doesn't wait
    add column ringing text not null default '',       -- whose telephone rings
    add column held    boolean not null default false;
create index call_of_number on call (phone_hmac, first_heard);
create index call_on_line on call (source) where ended_at is null;

create table seat (
    account    text primary key references account on delete cascade,
    state      text not null
               check (state in ('away', 'ready', 'ringing', 'talking', 'wrapping_up')),
    call       uuid references call on delete set null, -- that rings or is talked
    since      timestamptz not null,
    languages  text[] not null default '{}',
    until      timestamptz not null,                    -- her page's word is good for
    said_ready timestamptz not null
);
create index seat_of_call on seat (call) where call is not null;

create table call_attempt (
    call        uuid not null references call on delete cascade,
    leg         text not null,
    account     text not null default '',               -- whose telephone; empty: no seat's
    rang_at     timestamptz,
    answered_at timestamptz,
    ended_at    timestamptz,
    how         text check (how in ('refused', 'not_answered', 'withdrawn', 'elsewhere',
                                    'transferred', 'hung_up', 'lost', 'no_media', 'call_ended')),
    primary key (call, leg)
);

create table call_wish (
    id       uuid primary key,
    call     uuid not null references call on delete cascade,
    what     text not null check (what in ('hold', 'resume', 'park', 'transfer', 'hang_up')),
    to_user  text not null default '',
    personal bytea,                                     -- a transfer's number, until it is done
    by_user  text not null,
    at       timestamptz not null,
    done_at  timestamptz,
    refused  text check (refused in ('not_now', 'not_ready', 'unknown_call', 'too_late'))
);
create index call_wish_of_call on call_wish (call);
create index call_wish_open on call_wish (at) where done_at is null;
