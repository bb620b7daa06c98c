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
