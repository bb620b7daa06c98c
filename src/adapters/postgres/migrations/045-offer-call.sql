-- Whoever is offered an urgent order is also rung, and answers by a key: which offer a call asks
-- about, what he has pressed, and whether that is in the logs.
alter table placed_call
    add column offer      uuid,        -- a call is kept longer or shorter than what it asks about
    add column pressed    text,        -- the key that ended it
    add column settled_at timestamptz, -- the reply and the lines are written
    drop constraint placed_call_how_check,
    add constraint placed_call_how_check
        check (how = any ('{pressed,no_key,hung_up,talked,busy,not_answered,declined,'
            'call_withdrawn,no_such_number,call_failed,hotline_away,call_lost}'::text[])) not valid;
create index placed_call_offer on placed_call (offer) where offer is not null;
create index placed_call_unsettled on placed_call (ended_at)
    where offer is not null and ended_at is not null and settled_at is null;
