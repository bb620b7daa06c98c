-- Where each chain of the log stood, signed by a key that the database doesn't have. The same texts
-- go into a file outside; see adapters/anchors.
create table anchor (
    number bigint primary key,
    at     timestamptz not null,
    text   text not null
);

-- Against a mistake and against whoever has no right to the schema. Its owner can take these away:
-- "linli audit verify" sees that, and what was done without them. Words about people may be let go: the
-- hash has taken their digest, and no other words fit it.
create function log_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a line of the log stays' using errcode = '23001';
end $$;
create trigger log_stays
    before delete or update of chain, seq, of, at, what, by_kind, by_who, by_behalf, why, hash on log
    for each statement execute function log_stays();
create trigger log_all_stay before truncate on log
    for each statement execute function log_stays();

create function anchor_stays() returns trigger language plpgsql as $$
begin
    raise exception 'an anchor stays' using errcode = '23001';
end $$;
create trigger anchor_stays before update or delete on anchor
    for each statement execute function anchor_stays();
create trigger anchor_all_stay before truncate on anchor
    for each statement execute function anchor_stays();
