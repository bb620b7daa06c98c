-- A console has painted this ring of the alert in front of somebody on duty. Of its own and not in
-- `progress`, since a server of the version before, which writes until it is replaced, refuses
-- words there that it doesn't know.
alter table alert add column shown boolean not null default false;
