-- How often the devices that the alert's resident wears are asked where they are, in seconds; 0:
-- never. Taken from the plan when it is raised, so a restart, or another server, goes on with it.
alter table alert add column locate_every_s integer not null default 0;
create index alert_locating on alert (resident)
    where locate_every_s > 0 and state in ('raised', 'claimed');
