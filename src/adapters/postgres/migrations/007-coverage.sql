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
