-- Somebody comes to a talk of two, or listens to it: what was wished, and what a telephone was
-- rung for.
alter table call_wish drop constraint call_wish_what_check;
alter table call_wish add constraint call_wish_what_check
    check (what in ('hold', 'resume', 'park', 'transfer', 'hang_up', 'add_third', 'join_third',
                    'drop_third', 'leave', 'listen'));
alter table call_attempt
    add column role text not null default 'takes_caller'
        check (role in ('takes_caller', 'third', 'listens'));
alter table call
    add column third     text check (third in ('rings', 'aside', 'joined')), -- how far he has come
    add column third_who text not null default '';                           -- empty: no operator
