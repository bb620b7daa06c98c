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
