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
