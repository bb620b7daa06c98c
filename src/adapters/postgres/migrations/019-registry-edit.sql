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
