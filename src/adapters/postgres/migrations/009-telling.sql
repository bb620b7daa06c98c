-- Whom the house tells, how, and what became of it.

-- Names and numbers stay in `personal`, sealed by the resident's key.
alter table contact
    add column channels    text[] not null default '{}', -- in this order; none: voice, sms, email
    add column quiet_from  smallint check (quiet_from between 0 and 1440),
    add column quiet_until smallint check (quiet_until between 0 and 1440),
    add column do_not_tell boolean not null default false, -- suspected abuse: never told anything
    add column language    text not null default 'zh',
    add check ((quiet_from is null) = (quiet_until is null));

-- Telephones of the duty desk and of the shift leader, sealed by the key file.
alter table site add column personal bytea;

-- Whether a contact's number was reached when it was tried. It holds for that number only.
create table contact_trial (
    resident   text not null references resident,
    place      smallint not null,
    channel    text not null check (channel in ('voice', 'sms', 'email')),
    tried_at   timestamptz not null,
    state      text not null check (state in ('sent', 'delivered', 'failed')),
    reason     text,
    phone_hmac bytea,
    primary key (resident, place, channel)
);

-- One notice to one person by one channel. The id goes out with each sending as the key by which
-- a gateway knows the second one again. `who` is a reference: 'contact:r1/2', 'duty_phone:s1'.
create table delivery (
    id       uuid primary key,
    notice   uuid not null,          -- the outbox row that it came from
    alert    uuid not null,
    event    text not null,
    why      text not null,
    audience text not null,
    kind     text not null,
    level    smallint not null,
    resident text,
    home     text,
    area     text,
    site     text,
    at       timestamptz not null,   -- when it was decided
    who      text not null,
    channel  text not null,
    others   text[] not null,        -- channels to try when this one fails
    state    text not null check (state in ('queued', 'sent', 'delivered', 'failed')),
    reason   text,
    attempts integer not null default 0,
    since    timestamptz not null,   -- when it should go at first
    due_at   timestamptz,
    logged   boolean not null default false, -- on the alert's log
    unique (notice, who, channel),
    check ((state = 'queued') = (due_at is not null)),
    check ((state = 'failed') = (reason is not null)),
    check (not logged or state <> 'queued')
);
create index delivery_emergency_due on delivery (due_at) where due_at is not null and level = 1;
create index delivery_ordinary_due on delivery (level, due_at)
    where due_at is not null and level > 1;
create index delivery_unlogged on delivery (id) where not logged and state <> 'queued';
create index delivery_alert on delivery (alert, who);
