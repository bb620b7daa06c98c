-- A person's data: how it goes on request, what seals the words of nobody's own, and what lets go
-- of words that were kept long enough.

-- Whose data shall go, by whom it was asked and confirmed, and that it went. Ids and codes: this
-- stays, and refuses whoever would load him anew. No reference: the row outlives whatever it names.
create table erasure (
    resident     text primary key,
    reason       text not null check (reason = any (
                     '{request,consent,moved,deceased,mistake}'::text[])),
    asked_by     text not null,
    asked_at     timestamptz not null,
    confirmed_by text,
    erased_at    timestamptz,  -- his keys have gone
    cleared_at   timestamptz,  -- and what lay in clear under his id
    home         text,         -- that went with him, nobody else being there; null: it stays
    check ((confirmed_by is null) = (erased_at is null)),
    check (cleared_at is null or erased_at is not null),
    check (confirmed_by <> asked_by)
);
create index erasure_uncleared on erasure (erased_at)
    where erased_at is not null and cleared_at is null;

-- What stays of him in the registry is this row, so that what happened still tells under which id.
alter table resident add column erased_at timestamptz;

-- The last line behind the checks of files and pages: he doesn't come back by an old file.
create function erased_stays_erased() returns trigger language plpgsql as $$
begin
    raise exception 'resident % was erased on request', old.id using errcode = '23514';
end $$;
create trigger resident_erased before update or delete on resident
    for each row when (old.erased_at is not null) execute function erased_stays_erased();

-- Seals words of the log that are about nobody's home and no resident, so that a rotation of the
-- key file needs to wrap this one key and no line of a chain. Made by "linli migrate".
create table house_key (
    one      boolean primary key default true check (one),
    data_key bytea not null
);

-- A chain takes the digest of the sealed words, not the words: when they have been kept long
-- enough, it stands here in their place, and the chain holds as before.
alter table log add column personal_digest bytea;
create index log_worded on log (at) where personal is not null;

-- What is old enough to be let go, oldest first; rows leave these indexes when it is done.
create index signal_placed on signal (received_at)
    where latitude is not null or said is not null or raw is not null;
create index visit_proof_shown on visit_proof (came_at)
    where length(picture) > 0 or latitude is not null;
create index call_heard on call (first_heard);
create index booking_worded on booking (order_id) where words is not null;
create index device_command_ended on device_command (ended_at) where ended_at is not null;
create index search_at on search using brin (at);
