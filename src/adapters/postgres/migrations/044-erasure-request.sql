-- The day on which he came, by the local calendar: the time in which he must be answered counts
-- from it, and it may lie before the day on which it was written down.
alter table erasure add column wished_on date;

-- What was asked for and then taken back, or refused. Ids and codes, as in "erasure": whoever was
-- refused may ask years later who did that and why.
create table erasure_withdrawn (
    resident  text not null,
    asked_at  timestamptz not null,
    reason    text not null,
    wished_on date,
    asked_by  text not null,
    by_who    text not null,
    at        timestamptz not null,
    why       text not null check (why = any (
                  '{taken_back,mistake,not_entitled,kept_by_law}'::text[])),
    primary key (resident, asked_at)
);
