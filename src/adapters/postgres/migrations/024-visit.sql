-- What workers leave to prove their visits. Pictures are sealed by the key of whoever they show.
create table visit_proof (
    id         uuid primary key,        -- made by the telephone, the same in every try
    order_id   uuid not null references service_order,
    offer      uuid not null,
    worker     text not null,
    what       text not null check (what in ('photo', 'signature', 'code', 'bound', 'consent',
               'door_photo', 'contact')),
    taken_at   timestamptz,             -- the telephone's clock
    came_at    timestamptz not null,
    latitude   double precision,
    longitude  double precision,
    accuracy_m double precision,
    distance_m integer,                 -- from the door, as it was known then
    note       text not null,           -- codes only
    holds      boolean not null,        -- a code that was wrong doesn't
    type       text check (type in ('image/jpeg', 'image/png')),
    digest     bytea,                   -- SHA-256 of the picture
    whose      text,                    -- resident:r1, home:h1: whose key has sealed it
    picture    bytea,
    logged     boolean not null default false, -- the order's log has it
    check (num_nonnulls(type, digest, whose, picture) in (0, 4))
);
create index visit_proof_order on visit_proof (order_id);
