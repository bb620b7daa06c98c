-- Until when its holder has laid an alert aside.
alter table alert add column shelved_until timestamptz;
