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
