-- The registry (who is cared for, by whom) and the record (what happened), from the first day with
-- encrypted personal fields. Times are UTC and come from the house clock: no statement asks for
-- the database's own time.
create extension if not exists ltree;
create extension if not exists btree_gist;

-- Times travel as whole microseconds since 1970: exact, and no text to parse.
create function instant_of(microseconds bigint) returns timestamptz
    language sql immutable parallel safe
    return 'epoch'::timestamptz + microseconds * interval '1 microsecond';
create function microseconds_of(t timestamptz) returns bigint
    language sql immutable parallel safe
    return (extract(epoch from t) * 1000000)::bigint;

-- Ends a commit that lost a race: some of its rows had moved on since they were read.
create function expect_rows(written bigint, meant bigint) returns void language plpgsql as $$
begin
    if written <> meant then
        raise exception 'lost a race: % rows of %', written, meant using errcode = '40001';
    end if;
end $$;

-- ---------------------------------------------------------------- registry
create table area (
    code   text primary key check (code ~ '^[0-9A-Za-z]{1,24}$'),
    parent text references area,
    name   text not null,
    path   ltree not null
);
create index area_path on area using gist (path);

create table site (
    id        text primary key,
    name      text not null,
    level     text not null check (level in ('station', 'centre', 'city')),
    parent    text references site,
    area      text not null references area,
    latitude  double precision,
    longitude double precision,
    opens     smallint not null default 0 check (opens between 0 and 1440),
    closes    smallint not null default 1440 check (closes between 0 and 1440)
);

-- Routing follows sites; rights and figures follow areas.
create table site_area (
    area text primary key references area,
    site text not null references site
);

create table home (
    id          text primary key,
    area        text not null references area,
    rough_place text not null default '', -- street or building: may be shown before an accept
    latitude    double precision,
    longitude   double precision,
    data_key    bytea,                    -- wrapped by the key file; gone = the text is gone
    personal    bytea                     -- door, access notes
);

create table resident (
    id             text primary key,
    home           text not null references home,
    status         text not null default 'present' check (status in ('present', 'away',
                   'hospital', 'institution', 'moved', 'deceased_reported', 'deceased_confirmed')),
    high_risk      boolean not null default false,
    data_key       bytea,
    personal       bytea,                 -- name, telephone, identity number, notes
    phone_hmac     bytea,
    id_number_hmac bytea
);
create index resident_home on resident (home);
create index resident_phone on resident (phone_hmac);
create index resident_id_number on resident (id_number_hmac);

create table contact (
    resident text not null references resident,
    place    smallint not null,           -- whom to tell first
    relation text not null,
    personal bytea,                       -- name, telephone; by the resident's key
    phone_hmac bytea,
    primary key (resident, place)
);

create table device (
    id       text primary key check (id ~ '^[A-Za-z0-9._-]{1,64}$'),
    kind     text not null,
    resident text references resident,    -- worn by
    home     text references home,        -- fixed in
    check (num_nonnulls(resident, home) <= 1)
);

create table device_binding (
    device   text not null references device,
    resident text references resident,
    home     text references home,
    bound_at timestamptz not null,
    unbound_at timestamptz,
    primary key (device, bound_at)
);

create table provider (
    id       text primary key check (id ~ '^[A-Za-z0-9._-]{1,64}$'),
    name     text not null,
    personal bytea                        -- telephone of the person in charge
);

create table worker (
    id            text primary key check (id ~ '^[A-Za-z0-9._-]{1,64}$'),
    provider      text not null references provider,
    site          text references site,
    latitude      double precision,
    longitude     double precision,
    certificates  text[] not null default '{}',
    from_minute   smallint not null default 0 check (from_minute between 0 and 1440),
    until_minute  smallint not null default 1440 check (until_minute between 0 and 1440),
    rating        real not null default 0 check (rating between 0 and 5),
    personal      bytea                   -- name, telephone
);

-- Grows with each import, so that a server knows that its picture of the registry is old.
create table registry_version (
    one     boolean primary key default true check (one),
    version bigint not null
);
insert into registry_version (version) values (1);

-- ---------------------------------------------------------------- record
create table plan_snapshot (
    digest text primary key,
    body   text not null
);

create table alert (
    id             uuid primary key,
    subject        text not null,
    kind           text not null,
    level          smallint not null check (level between 1 and 3),
    state          text not null check (state in ('raised', 'claimed', 'handled', 'closed')),
    area           text not null,
    home           text,
    resident       text,
    first_event    text not null,
    last_event     text not null,
    opened_at      timestamptz not null,
    raised_at      timestamptz not null,
    rang_at        timestamptz not null,
    signals        integer not null,
    plan           text not null references plan_snapshot,
    rung           smallint not null,
    desk           text,
    holder         text,
    claimed_until  timestamptz,
    acknowledge_by timestamptz,
    due_at         timestamptz,
    outcome        text,
    closed_at      timestamptz,
    version        integer not null,
    log_seq        integer not null,
    log_hash       bytea not null,
    check ((state = 'closed') = (due_at is null)),
    check ((state = 'closed') = (outcome is not null)),
    check ((state in ('raised', 'closed')) or holder is not null)
);
create unique index alert_one_open on alert (subject) where state <> 'closed';
create index alert_due on alert (due_at) where due_at is not null;
create index alert_home on alert (home) where state <> 'closed';

create table request (
    id          uuid primary key,
    subject     text not null,
    area        text not null,
    home        text,
    first_event text not null,
    last_event  text not null,
    level       smallint not null,
    state       text not null check (state in ('open', 'closed')),
    signals     integer not null,
    opened_at   timestamptz not null,
    due_at      timestamptz,
    closed_at   timestamptz,
    version     integer not null,
    log_seq     integer not null,
    log_hash    bytea not null,
    check ((state = 'closed') = (due_at is null))
);
create unique index request_one_open on request (subject) where state <> 'closed';
create index request_due on request (due_at) where due_at is not null;

create table signal (
    event        text not null,
    device       text not null,
    kind         text not null,
    door         text not null,
    subject      text not null,
    happened_at  timestamptz,
    received_at  timestamptz not null,
    committed_at timestamptz not null,
    latitude     double precision,
    longitude    double precision,
    accuracy_m   real,
    battery      smallint,
    said         text,
    raw          bytea,
    alert        uuid,
    request      uuid,
    primary key (event)
);
create index signal_alert on signal (alert) where alert is not null;
create index signal_device on signal (device, received_at);

create table service_order (
    id          uuid primary key,
    number      text not null unique,
    service     text not null,
    level       smallint not null,
    alert       uuid references alert,
    request     uuid references request,
    subject     text not null,
    area        text not null,
    home        text,
    place       text not null check (place in ('home', 'seat')),
    event       text not null,
    state       text not null check (state in ('requested', 'offered', 'accepted', 'en_route',
                'arrived', 'in_service', 'completed', 'followed_up', 'no_access', 'unfilled',
                'stood_down', 'cancelled', 'failed')),
    opened_at   timestamptz not null,
    held_by     uuid,
    worker      text,
    provider    text,
    round       integer not null,
    reason      text,
    plan        text not null references plan_snapshot,
    due_at      timestamptz,
    rating      smallint check (rating between 1 and 5),
    version     integer not null,
    log_seq     integer not null,
    log_hash    bytea not null,
    check (num_nonnulls(alert, request) = 1),
    check (due_at is not null or state in ('followed_up', 'cancelled', 'failed', 'stood_down')),
    check (due_at is null or state not in ('followed_up', 'cancelled', 'failed')),
    check ((worker is not null) or state not in ('accepted', 'en_route', 'arrived', 'in_service',
           'no_access')),
    -- A worker's orders under way all belong to one home. Deferred, because he may leave one home
    -- and be taken for another in one commit.
    constraint one_home_a_worker exclude using gist (worker with =, home with <>)
        where (state in ('accepted', 'en_route', 'arrived', 'no_access', 'in_service'))
        deferrable initially deferred
);
create unique index order_one_coming on service_order (subject, service, coalesce(alert, request))
    where state in ('requested', 'offered', 'accepted', 'en_route', 'unfilled');
create view visit as select worker, home from service_order
    where state in ('accepted', 'en_route', 'arrived', 'no_access', 'in_service');
create index order_due on service_order (due_at) where due_at is not null;
create index order_alert on service_order (alert);
create index order_request on service_order (request) where request is not null;
create index order_worker on service_order (worker) where due_at is not null;

create table offer (
    id         uuid primary key,
    order_id   uuid not null references service_order,
    provider   text not null,
    worker     text not null,
    state      text not null check (state in ('open', 'accepted', 'declined', 'expired',
               'withdrawn')),
    opened_at  timestamptz not null,
    expires_at timestamptz not null,
    due_at     timestamptz,
    round      integer not null,
    distance_m integer not null,
    reason     text,
    version    integer not null,
    check ((state = 'open') = (due_at is not null))
);
create index offer_order on offer (order_id);
create index offer_due on offer (due_at) where due_at is not null;
create index offer_open_worker on offer (worker) where due_at is not null;

-- Why each candidate of a search was chosen or not.
create table search (
    order_id   uuid not null,
    at         timestamptz not null,
    round      integer not null,
    candidates jsonb not null
);
create index search_order on search (order_id);

-- One line for each change, hash-chained by (chain, seq). `why` holds ids and codes; words about a
-- person lie encrypted in `personal`, and the chain takes the digest of that ciphertext, so that
-- destroying a resident's key leaves the chain whole.
create table log (
    chain     uuid not null,
    seq       integer not null,
    of        text not null check (of in ('alert', 'request', 'order')),
    at        timestamptz not null,
    what      text not null,
    by_kind   text not null,
    by_who    text not null,
    by_behalf text not null,
    why       text not null,
    personal  bytea,
    hash      bytea not null,
    primary key (chain, seq)
);

create index log_at on log (at);

-- What must still be told. A row goes when the receiver's side has it.
create table outbox (
    id          uuid primary key,
    destination text not null, -- 'device:w1', 'provider:c1'
    key         text not null, -- what it is about; a receiver ignores lower versions of it
    version     integer not null,
    payload     bytea not null, -- encrypted by the key file
    due_at      timestamptz not null,
    attempts    smallint not null default 0
);
create index outbox_due on outbox (due_at, id);

-- P4: what somebody should mend by day. Never in the queue.
create table maintenance (
    device   text not null,
    kind     text not null,
    event    text not null,
    since    timestamptz not null,
    last_at  timestamptz not null,
    times    integer not null,
    primary key (device, kind)
);

-- Blocks of order numbers, so that a press costs no round trip for its number.
create table order_number (
    day  date primary key,
    last integer not null
);

-- The latest time that this house has handed out: a restart never goes back.
create table house_clock (
    one    boolean primary key default true check (one),
    latest timestamptz not null
);
