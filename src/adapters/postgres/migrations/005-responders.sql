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
