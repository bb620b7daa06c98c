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
