-- From when until when somebody lives at a home: what was told there before or after him is another
-- one's. Null: since ever, for all that is known, and until now.
alter table resident
    add column home_since timestamptz,
    add column home_until timestamptz; -- moved away or dead, and still registered there

-- Where he lived before. Ids and times, and the moment is the registry's: when it heard of it.
create table former_home (
    resident text not null references resident,
    home     text not null references home,
    since    timestamptz,
    until    timestamptz not null,
    primary key (resident, until, home),
    check (since <= until)
);
create index former_home_of on former_home (home);

create view stay as
    select id as resident, home, coalesce(home_since, '-infinity') as since,
           coalesce(home_until, 'infinity') as until, erased_at
    from resident
    union all
    select f.resident, f.home, coalesce(f.since, '-infinity'), f.until, r.erased_at
    from former_home f join resident r on r.id = f.resident;
