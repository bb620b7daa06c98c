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
