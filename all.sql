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
-- The same times by expressions that are immutable in PostgreSQL's eyes, too. The first ones went
-- by the session's time zone, so they could not be put in line, and each call started an executor
-- of its own: a tenth of what a commit cost.
create or replace function instant_of(microseconds bigint) returns timestamptz
    language sql immutable parallel safe
    return (timestamp '1970-01-01' + microseconds * interval '1 microsecond') at time zone 'UTC';
create or replace function microseconds_of(t timestamptz) returns bigint
    language sql immutable parallel safe
    return (extract(epoch from t at time zone 'UTC') * 1000000)::bigint;
-- What devices measure in bulk: a row for each message, a partition for each day of receipt (UTC).
-- The program makes the days ahead and drops those over [telemetry] keep_days; neither is left to
-- the database, whose clock nobody asks.
--
-- In clear: device id, times, values, coordinates, as in `signal`; they are to be compared and
-- added up here, and a ciphertext of each number would be ten times its size. No name, telephone,
-- address or resident's id stands here: whose the values are is known by `device` and
-- `device_binding` alone, and who that is lies sealed in `resident`, so that destroying a
-- resident's key leaves figures of nobody. They are health data all the same: the role that reads
-- this schema is the server's own, and a short keep_days is the best protection.
-- Sealed by the key file: `raw`, the bytes of what could not be read whole, because nobody knows
-- what a maker has put into them.
create table telemetry (
    device      text not null,
    -- The event id: the device's own 64 bits each, as they are (from 2^63 on they look negative);
    -- of a device that has none, by_content: window of receipt and digest of the bytes.
    by_content  boolean not null,
    boot        bigint not null,
    sequence    bigint not null,
    day         date not null,
    received_at timestamptz not null,
    -- Lists, one position in each for a value. Times are the device's, in microseconds since 1970,
    -- null when it told none.
    vital_at    bigint[],
    vital_code  integer[],          -- LOINC without its check digit: 8867 is 8867-4
    vital_value real[],             -- in the unit that goes with the code (proto/README.md)
    fix_at      bigint[],
    latitude    double precision[],
    longitude   double precision[],
    accuracy_m  real[],             -- 0 = not told
    fix_source  smallint[],         -- 0 not told, 1 satellite, 2 wireless LAN, 3 mobile cell
    battery_at  bigint[],
    battery     smallint[],
    raw         bytea,
    primary key (device, by_content, boot, sequence, day)
) partition by range (day);

-- The events of the last days, so that one that is sent again after midnight is not stored in the
-- new day too. Older ones are forgotten: a device that resends later than that is stored twice.
create table telemetry_seen (
    device     text not null,
    by_content boolean not null,
    boot       bigint not null,
    sequence   bigint not null,
    day        date not null,
    primary key (device, by_content, boot, sequence)
);
-- Rows come in the order of their days: a few pages are enough to find the old ones.
create index telemetry_seen_day on telemetry_seen using brin (day);

-- For whoever looks at the values.
create view telemetry_vital as
    select t.device, t.day, t.received_at, instant_of(v.at) as measured_at, v.code, v.value
    from telemetry t, unnest(t.vital_at, t.vital_code, t.vital_value) as v(at, code, value);
create view telemetry_fix as
    select t.device, t.day, t.received_at, instant_of(f.at) as measured_at, f.latitude, f.longitude,
           f.accuracy_m, f.source
    from telemetry t, unnest(t.fix_at, t.latitude, t.longitude, t.accuracy_m, t.fix_source)
         as f(at, latitude, longitude, accuracy_m, source);
create view telemetry_battery as
    select t.device, t.day, t.received_at, instant_of(b.at) as measured_at, b.percent
    from telemetry t, unnest(t.battery_at, t.battery) as b(at, percent);
-- A fall is counted down before it is raised: `pending` is an open state that nobody holds. Both
-- checks allow more than they did, so every row passes; the table is small enough to be looked
-- through while it is locked.
alter table alert
    drop constraint alert_state_check,
    drop constraint alert_check2,
    add constraint alert_state_check
        check (state in ('pending', 'raised', 'claimed', 'handled', 'closed')),
    add constraint alert_held_check
        check (state in ('pending', 'raised', 'closed') or holder is not null),
    add constraint alert_pending_check
        check (state <> 'pending' or (holder is null and outcome is null));
-- Who can go beside a provider's workers, and how a provider is asked: by its workers' names, or as
-- a company that names one of them.
alter table worker
    add column kind   text not null default 'worker' check (kind in ('worker', 'station_staff',
                      'visitor', 'volunteer', 'neighbour', 'guard', 'doctor')),
    add column people smallint not null default 1 check (people between 1 and 9),
    add column homes  text[] not null default '{}', -- whose key he holds, or that he looks after
    add column areas  text[] not null default '{}'; -- the same, by their codes

alter table provider
    add column dispatch text not null default 'worker' check (dispatch in ('worker', 'company'));

-- Dog, violence, infection: what whoever goes must know (field-rules 16).
alter table home add column flags text[] not null default '{}'
    check (flags <@ array['dog', 'violence', 'infection']);

-- A worker's own button (field-rules 2, 16).
alter table device add column worker text references worker;
alter table device drop constraint device_check;
alter table device add constraint device_one_owner
    check (num_nonnulls(resident, home, worker) <= 1);
alter table device_binding add column worker text references worker;

-- A company has accepted and has not yet named who goes.
alter table service_order drop constraint service_order_check3;
alter table service_order add constraint order_has_worker check ((worker is not null) or
    state not in ('en_route', 'arrived', 'in_service', 'no_access'));
-- No statement asks by these, and each press paid for them: an offer is never due (its order is), a
-- worker's visits are found by the constraint one_home_a_worker, and nobody asks for a home's
-- alerts. What asks one day makes its own again.
drop index offer_due;
drop index order_worker;
drop index alert_home;
-- What a night needs to know of a home beside its address: that somebody stood before the door, and
-- that a key is held which opened it. Codes and dates, no name: who holds a key stands sealed among
-- the access notes.
alter table home
    add column address_verified    date,
    add column address_verified_by text,
    add column key_holder          text,
    add column key_tested          date;

-- The report of an evening: what help cannot reach tonight, why, and who must mend it. Ids and
-- codes only. `day` is the local day.
create table coverage_report (
    day         date primary key,
    made_at     timestamptz not null,
    residents   integer not null,
    homes       integer not null,
    devices     integer not null,
    providers   integer not null,
    workers     integer not null
);
create table coverage_gap (
    day         date not null references coverage_report on delete cascade,
    place       integer not null,
    reason      text not null,
    subject     text not null,
    area        text not null,
    mender_kind text not null check (mender_kind in ('site', 'provider', 'area_officer')),
    mender      text not null,
    figure      integer not null,
    since       timestamptz,
    hours       bigint[] not null, -- from, until, from, until … in microseconds since 1970
    primary key (day, place)
);
-- What must never be there: each of these indexes is empty while the house does its duty, so that
-- asking for it all the time costs one step. Writing costs the test of the condition.
create index order_unclocked on service_order (id) where due_at is null
    and state not in ('followed_up', 'cancelled', 'failed', 'stood_down');
create index offer_unclocked on offer (id) where due_at is null and state = 'open';
-- The kinds that bring an alert or a request whoever sends them (domain/triage).
create index signal_unanswered on signal (received_at) where alert is null and request is null
    and kind in ('unreadable', 'sos', 'help_request', 'fall', 'fall_confirmed', 'inactivity',
                 'fence', 'vitals', 'smoke', 'gas', 'water', 'bed', 'removed', 'clock_jump');
-- Whom the house tells, how, and what became of it.

-- Names and numbers stay in `personal`, sealed by the resident's key.
alter table contact
    add column channels    text[] not null default '{}', -- in this order; none: voice, sms, email
    add column quiet_from  smallint check (quiet_from between 0 and 1440),
    add column quiet_until smallint check (quiet_until between 0 and 1440),
    add column do_not_tell boolean not null default false, -- suspected abuse: never told anything
    add column language    text not null default 'zh',
    add check ((quiet_from is null) = (quiet_until is null));

-- Telephones of the duty desk and of the shift leader, sealed by the key file.
alter table site add column personal bytea;

-- Whether a contact's number was reached when it was tried. It holds for that number only.
create table contact_trial (
    resident   text not null references resident,
    place      smallint not null,
    channel    text not null check (channel in ('voice', 'sms', 'email')),
    tried_at   timestamptz not null,
    state      text not null check (state in ('sent', 'delivered', 'failed')),
    reason     text,
    phone_hmac bytea,
    primary key (resident, place, channel)
);

-- One notice to one person by one channel. The id goes out with each sending as the key by which
-- a gateway knows the second one again. `who` is a reference: 'contact:r1/2', 'duty_phone:s1'.
create table delivery (
    id       uuid primary key,
    notice   uuid not null,          -- the outbox row that it came from
    alert    uuid not null,
    event    text not null,
    why      text not null,
    audience text not null,
    kind     text not null,
    level    smallint not null,
    resident text,
    home     text,
    area     text,
    site     text,
    at       timestamptz not null,   -- when it was decided
    who      text not null,
    channel  text not null,
    others   text[] not null,        -- channels to try when this one fails
    state    text not null check (state in ('queued', 'sent', 'delivered', 'failed')),
    reason   text,
    attempts integer not null default 0,
    since    timestamptz not null,   -- when it should go at first
    due_at   timestamptz,
    logged   boolean not null default false, -- on the alert's log
    unique (notice, who, channel),
    check ((state = 'queued') = (due_at is not null)),
    check ((state = 'failed') = (reason is not null)),
    check (not logged or state <> 'queued')
);
create index delivery_emergency_due on delivery (due_at) where due_at is not null and level = 1;
create index delivery_ordinary_due on delivery (level, due_at)
    where due_at is not null and level > 1;
create index delivery_unlogged on delivery (id) where not logged and state <> 'queued';
create index delivery_alert on delivery (alert, who);
-- What the house makes of telemetry: what is agreed for whom, and how long something has been so.

-- A resident's own limit in place of the installation's; an empty side is none.
create table vital_limit (
    resident  text not null references resident,
    code      integer not null,     -- LOINC without its check digit, as in telemetry
    low       real,
    high      real,
    lasting_s integer check (lasting_s >= 0),
    primary key (resident, code)
);

-- Where a wearer lives, may be, and may not be.
create table zone (
    resident text not null references resident,
    name     text not null check (name ~ '^[A-Za-z0-9_-]{1,32}$'),
    kind     text not null check (kind in ('home', 'regular', 'forbidden')),
    shape    text not null,         -- WKT, longitude first
    primary key (resident, name)
);

-- The longest usual silence of a home by part of the local day.
create table silence_limit (
    home         text not null references home,
    from_minute  smallint not null check (from_minute between 0 and 1440),
    until_minute smallint not null check (until_minute between 0 and 1440),
    longest_min  smallint not null check (longest_min > 0),
    primary key (home, from_minute)
);

-- One row for each subject and rule of which something is to be remembered; a calm one has none. In
-- clear like telemetry, with a place only of whoever has zones: it goes with the next row.
create table dwell (
    subject    text not null,
    rule       text not null,
    device     text not null,
    told       boolean not null,
    since      timestamptz,
    last_at    timestamptz not null,
    value      double precision not null,
    latitude   double precision,
    longitude  double precision,
    accuracy_m real,
    source     smallint,
    due_at     timestamptz,
    version    integer not null,
    primary key (subject, rule)
) with (fillfactor = 70);
create index dwell_due on dwell (due_at) where due_at is not null;

-- What sensors of a home notice: 0 motion, 1 door, 2 water, 3 in bed, 4 out of bed, 5 "I'm OK".
alter table telemetry
    add column activity_at   bigint[],
    add column activity_kind smallint[],
    add column litres        real[];
create view telemetry_activity as
    select t.device, t.day, t.received_at, instant_of(a.at) as measured_at, a.kind, a.litres
    from telemetry t, unnest(t.activity_at, t.activity_kind, t.litres) as a(at, kind, litres);
-- How far an alert's plan has come, in words that domain/progress reads ('done=3 told=contacts'),
-- so that a restart does each step once; when its steps began to count; and the clock of its
-- ladder, since due_at may now be a step's. All three may be missing: a server of the version
-- before goes on writing until it is replaced, and no press of its may be refused for that.
alter table alert
    add column ladder_at timestamptz,
    add column steps_from timestamptz,
    add column progress text not null default '';

-- Which operators were heard of lately. Few lines are theirs, so presses pay nothing for it.
create index log_operator on log (at, by_who) where by_kind = 'operator';
-- What a false alarm is counted by when the next one is closed.
create index alert_false on alert (subject, closed_at) where outcome = 'false_alarm';
-- What is known of each device's health, and the maintenance list as entries that begin and end.

-- Written now and then, not at each beat: after a start everybody has his time again anyway.
create table device_health (
    device         text primary key,
    known_since    timestamptz not null,
    heard_at       timestamptz,
    pressed_at     timestamptz,
    at_broker      text not null check (at_broker in ('none', 'online', 'offline')),
    broker_said_at timestamptz not null,
    battery        smallint,
    battery_at     timestamptz not null,
    door           text not null
) with (fillfactor = 70);

-- The broker away, or many devices of one area gone together: one incident.
create table outage (
    id      uuid primary key,
    kind    text not null check (kind in ('broker', 'area')),
    area    text not null,
    since   timestamptz not null,
    ended   timestamptz,
    devices integer not null -- that went, in all
);
create index outage_open on outage (since) where ended is null;

-- One open line for each device and kind; ended ones stay, for the figures.
alter table maintenance
    drop constraint maintenance_pkey,
    add column ended_at timestamptz,
    add column ended_by text not null default '', -- who said that it is mended; '': the device
    add column outage uuid references outage;
-- A test press is nothing to mend, and who was offline is judged anew.
delete from maintenance where kind in ('test', 'offline');
create unique index maintenance_one_open on maintenance (device, kind) where ended_at is null;
create index maintenance_known on maintenance (device, kind, since);
create index maintenance_mended on maintenance (ended_at) where ended_by <> '';
create index maintenance_outage on maintenance (outage) where outage is not null;

-- The house itself says that there is an outage, and that is an alert.
drop index signal_unanswered;
create index signal_unanswered on signal (received_at) where alert is null and request is null
    and kind in ('unreadable', 'sos', 'help_request', 'fall', 'fall_confirmed', 'inactivity',
                 'fence', 'vitals', 'smoke', 'gas', 'water', 'bed', 'removed', 'clock_jump',
                 'outage');
-- What an alert and its orders are for. A drill and the house's own (synthetic) press run beside
-- real work: they bind nobody who goes, and stand in no figure. A server of the version before
-- writes nothing but what is real.
alter table resident add column synthetic boolean not null default false;
alter table worker add column synthetic boolean not null default false;

alter table alert
    add column purpose text not null default 'real'
        check (purpose in ('real', 'drill', 'synthetic'));
alter table service_order
    add column purpose text not null default 'real'
        check (purpose in ('real', 'drill', 'synthetic'));

-- A real press inside a drill opens an alert of its own.
drop index alert_one_open;
create unique index alert_one_open on alert (subject, purpose) where state <> 'closed';

-- A worker held by a drill is free for real work.
alter table service_order drop constraint one_home_a_worker;
alter table service_order
    add constraint one_home_a_worker exclude using gist (worker with =, home with <>)
        where (state in ('accepted', 'en_route', 'arrived', 'no_access', 'in_service')
               and purpose = 'real')
        deferrable initially deferred;
create or replace view visit as select worker, home from service_order
    where state in ('accepted', 'en_route', 'arrived', 'no_access', 'in_service')
        and purpose = 'real';
-- What devices are asked to do, and what came of it.
create table device_command (
    id         uuid primary key,
    device     text not null references device,
    kind       text not null check (kind in ('locate', 'report_every', 'sos_numbers', 'ring',
                                             'call_back')),
    personal   bytea not null, -- its values: telephone numbers are somebody's. By the key file
    asked_by   text not null,
    asked_at   timestamptz not null,
    expires_at timestamptz not null,
    state      text not null check (state in ('waiting', 'sent', 'answered', 'unanswered',
                                              'published', 'expired', 'replaced')),
    sent_at    timestamptz,
    ended_at   timestamptz,
    check ((ended_at is null) = (state in ('waiting', 'sent')))
);
create index device_command_open on device_command (expires_at) where ended_at is null;
create index device_command_of on device_command (device, asked_at);
-- Who may sign in at the pages, where they are signed in, and who saw whose data.
create table account (
    id       text primary key check (id ~ '^[a-z0-9._-]{1,40}$'),
    role     text not null check (role in ('operator', 'shift_leader', 'station', 'quality',
             'city_supervisor', 'area_officer', 'provider_manager', 'worker', 'installer',
             'administrator', 'audit_officer')),
    area     text not null,               -- this one and all below it; may be imported later
    site     text,                        -- the desk
    provider text,                        -- of a provider's people
    worker   text,
    personal bytea,                       -- name
    password text not null,               -- argon2id, in libsodium's text form
    disabled boolean not null default false,
    version  integer not null,
    signed_in_at timestamptz,             -- last
    check (provider is not null or role not in ('provider_manager', 'worker')),
    check (worker is not null or role <> 'worker')
);

-- Known by the digest of its token: whoever reads this table can't be anybody.
create table session (
    token_digest bytea primary key,
    account      text not null references account,
    since        timestamptz not null,
    expires_at   timestamptz not null,
    last_used_at timestamptz not null,
    on_duty      boolean not null default false
);
create index session_account on session (account);
create index session_end on session (expires_at);

-- Who was shown what of whom, and what for.
create table access_log (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    who     text not null,
    what    text not null,
    subject text not null,
    why     text not null
);
create index access_log_subject on access_log (subject, at desc);
create index access_log_who on access_log (who, at desc);
create index access_log_at on access_log (at);
-- A console has painted this ring of the alert in front of somebody on duty. Of its own and not in
-- `progress`, since a server of the version before, which writes until it is replaced, refuses
-- words there that it doesn't know.
alter table alert add column shown boolean not null default false;
-- What a card asks for: the closed alerts of a home, newest first, and what somebody wears.
create index alert_past on alert (home, closed_at) where state = 'closed';
create index device_resident on device (resident) where resident is not null;
-- How often the devices that the alert's resident wears are asked where they are, in seconds; 0:
-- never. Taken from the plan when it is raised, so a restart, or another server, goes on with it.
alter table alert add column locate_every_s integer not null default 0;
create index alert_locating on alert (resident)
    where locate_every_s > 0 and state in ('raised', 'claimed');
-- Who changed the registry, and which columns of what; never what stood there. An import has one
-- line a sheet, without a key.
create table registry_edit (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    by_who  text not null,
    how     text not null check (how in ('page', 'import')),
    sheet   text not null,
    key     text,
    columns text[] not null default '{}',
    added   integer not null default 0,   -- rows
    changed integer not null default 0,
    removed integer not null default 0,
    check ((key is null) = (how = 'import'))
);
create index registry_edit_of on registry_edit (sheet, key, id);

-- What is asked for from a page.
create index contact_phone on contact (phone_hmac);
create index home_area on home (area);
create index device_home on device (home) where home is not null;
-- Whose business a line of the access log is: an audit officer of a street reads her street's.
-- Where somebody was seen stays as it was then; what lies in no area that can be told is read with
-- the whole installation's.
create function area_of_subject(subject text) returns text language sql stable as $$
    select case split_part(subject, ':', 1)
        when 'resident' then (select h.area from resident r join home h on h.id = r.home
                              where r.id = substr(subject, 10))
        when 'home' then (select h.area from home h where h.id = substr(subject, 6))
        when 'device' then (select h.area from device d left join resident r on r.id = d.resident
                            join home h on h.id = coalesce(d.home, r.home)
                            where d.id = split_part(substr(subject, 8), '/', 1))
        when 'worker' then (select s.area from worker w join site s on s.id = w.site
                            where w.id = substr(subject, 8))
        when 'user' then (select a.area from account a where a.id = substr(subject, 6))
        when 'area' then substr(subject, 6)
    end
$$;

alter table access_log add column area text;
update access_log set area = area_of_subject(subject);
create index access_log_area on access_log (area, at desc, id desc);
-- Whom an alert's holder has asked to go on with it at the end of her shift.
alter table alert add column handed_to text;
-- What somebody still holds when she wants to go.
create index alert_held on alert (holder) where holder is not null and state <> 'closed';
-- A request's signals, for its evidence.
create index signal_request on signal (request) where request is not null;
-- Visits after which nobody has asked yet whether help came.
create index order_to_follow_up on service_order (due_at) where state = 'completed';
-- A life service that is wished for at a time: an order like any, which is offered before its
-- window to whoever has the certificate that the catalogue asked for then.
alter table service_order
    add column wished_from timestamptz,
    add column wished_until timestamptz,
    add column certificate text,
    add constraint wished_window
        check (num_nonnulls(wished_from, wished_until) in (0, 2)
               and coalesce(wished_from < wished_until, true));
create index order_wished on service_order (wished_until) where wished_from is not null;
-- Asked again after a restart, a booking is found by its caller's own key.
create unique index order_booked_by on service_order (event) where wished_from is not null;

-- Whoever has accepted what is wished for later goes elsewhere until he sets out.
alter table service_order drop constraint one_home_a_worker;
alter table service_order
    add constraint one_home_a_worker exclude using gist (worker with =, home with <>)
        where ((state in ('en_route', 'arrived', 'no_access', 'in_service')
                or state = 'accepted' and wished_from is null) and purpose = 'real')
        deferrable initially deferred;
create or replace view visit as select worker, home from service_order
    where (state in ('en_route', 'arrived', 'no_access', 'in_service')
           or state = 'accepted' and wished_from is null) and purpose = 'real';

-- What was agreed beside it, and never changes.
create table booking (
    order_id  uuid primary key references service_order,
    resident  text not null,
    unit      text not null,
    minutes   integer not null,
    price_fen integer check (price_fen >= 0),  -- of one unit; null: the catalogue said none
    words     bytea                            -- by the resident's key
);
create index booking_resident on booking (resident);

-- field-rules 26: a complaint is a record of its own, with a chain of its own in the log. It
-- outlives what it is about.
create table complaint (
    id          uuid primary key,
    kind        text not null,
    state       text not null check (state in ('open', 'answered', 'accepted')),
    order_id    uuid,
    alert       uuid,
    worker      text,                          -- complained of
    against     text,                          -- of the desk's people
    resident    text,
    area        text not null,
    written_by  text not null,
    at          timestamptz not null,
    due_at      timestamptz,
    personal    bytea not null,                -- who complained, the words, the answer
    answered_by text,
    answered_at timestamptz,
    accepted_at timestamptz,
    version     integer not null,
    log_seq     integer not null,
    log_hash    bytea not null,
    check (num_nonnulls(order_id, alert) = 1 or num_nonnulls(order_id, alert) = 0
           and worker is not null),
    check ((state = 'accepted') = (due_at is null)),
    check ((state = 'open') = (answered_by is null)),
    check (answered_by is null or answered_by <> coalesce(against, ''))
);
create index complaint_open on complaint (due_at) where due_at is not null;
create index complaint_order on complaint (order_id) where order_id is not null;
create index complaint_alert on complaint (alert) where alert is not null;

-- Nobody makes one vanish.
create function complaint_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a complaint stays' using errcode = '23001';
end $$;
create trigger complaint_stays before delete on complaint
    for each row execute function complaint_stays();
create trigger complaint_all_stay before truncate on complaint
    for each statement execute function complaint_stays();

alter table log drop constraint log_of_check;
alter table log add constraint log_of_check
    check (of in ('alert', 'request', 'order', 'complaint'));
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
-- Calls to the hotline, as an installation's telephone system tells of them.
create table call (
    id          uuid primary key,
    source      text not null,            -- the telephone system
    name        text not null,            -- of the call, there
    personal    bytea not null,           -- the caller's number, and why it was no case
    phone_hmac  bytea,                    -- of that number; null: withheld
    called      text not null default '',
    area        text not null,            -- of the line that was called
    first_heard timestamptz not null,
    rang_at     timestamptz,
    answered_at timestamptz,
    ended_at    timestamptz,
    seat        text not null default '',
    recording   text not null default '',
    outcome     text check (outcome in ('joined', 'alert', 'request', 'missed', 'no_case')),
    decided_by  text not null default '', -- empty: the house
    alert       uuid,
    request     uuid,
    on_alert    text[] not null default '{}', -- what its alert's log holds of it
    version     integer not null,
    unique (source, name)
);
-- What the desks have before them.
create index call_undecided on call (id) where outcome is null;
create index call_going_on on call (first_heard) where ended_at is null and outcome is not null;
create index call_missed on call (request) where outcome = 'missed';

-- Whose number a call comes from: workers', too. "linli migrate" fills it for those that there are.
alter table worker add column phone_hmac bytea;
create index worker_phone on worker (phone_hmac);

-- A caller whom nobody knows is "area:310000/call:ID": his line's area sees who asked for him.
create or replace function area_of_subject(subject text) returns text language sql stable as $$
    select case split_part(subject, ':', 1)
        when 'resident' then (select h.area from resident r join home h on h.id = r.home
                              where r.id = substr(subject, 10))
        when 'home' then (select h.area from home h where h.id = substr(subject, 6))
        when 'device' then (select h.area from device d left join resident r on r.id = d.resident
                            join home h on h.id = coalesce(d.home, r.home)
                            where d.id = split_part(substr(subject, 8), '/', 1))
        when 'worker' then (select s.area from worker w join site s on s.id = w.site
                            where w.id = substr(subject, 8))
        when 'user' then (select a.area from account a where a.id = substr(subject, 6))
        when 'area' then split_part(substr(subject, 6), '/', 1)
    end
$$;
-- Until when its holder has laid an alert aside.
alter table alert add column shelved_until timestamptz;
-- PostgreSQL keeps a CHECK as the text of its syntax tree and reads that text anew for each statement
-- that writes to the table. A list of words is a node a word there, an array of them one node: of a
-- press's inserts, 0.22 and 0.24 ms, that costs 0.18 and 0.23. The rows that are there have
-- passed the same check: not valid spares reading them all again.
--
-- And each press locked the one row of the plan in force, for its foreign key: whatever the lanes
-- write at the same time met there. Plans are written before they are used, and none is deleted.

alter table service_order
    drop constraint service_order_place_check,
    add constraint service_order_place_check
        check (place = any ('{home,seat}'::text[])) not valid,
    drop constraint service_order_state_check,
    add constraint service_order_state_check
        check (state = any (
            '{requested,offered,accepted,en_route,arrived,in_service,completed,followed_up,'
            'no_access,unfilled,stood_down,cancelled,failed}'::text[])) not valid,
    drop constraint service_order_check1,
    add constraint service_order_check1
        check (due_at is not null or
            state = any ('{followed_up,cancelled,failed,stood_down}'::text[])) not valid,
    drop constraint service_order_check2,
    add constraint service_order_check2
        check (due_at is null or
            state <> all ('{followed_up,cancelled,failed}'::text[])) not valid,
    drop constraint order_has_worker,
    add constraint order_has_worker
        check (worker is not null or
            state <> all ('{en_route,arrived,in_service,no_access}'::text[])) not valid,
    drop constraint service_order_purpose_check,
    add constraint service_order_purpose_check
        check (purpose = any ('{real,drill,synthetic}'::text[])) not valid,
    drop constraint service_order_plan_fkey;

alter table offer
    drop constraint offer_state_check,
    add constraint offer_state_check
        check (state = any ('{open,accepted,declined,expired,withdrawn}'::text[])) not valid;

alter table alert
    drop constraint alert_state_check,
    add constraint alert_state_check
        check (state = any ('{pending,raised,claimed,handled,closed}'::text[])) not valid,
    drop constraint alert_held_check,
    add constraint alert_held_check
        check (holder is not null or
            state = any ('{pending,raised,closed}'::text[])) not valid,
    drop constraint alert_purpose_check,
    add constraint alert_purpose_check
        check (purpose = any ('{real,drill,synthetic}'::text[])) not valid,
    drop constraint alert_plan_fkey;

alter table log
    drop constraint log_of_check,
    add constraint log_of_check
        check (of = any ('{alert,request,order,complaint}'::text[])) not valid;
