-- Until when of what nobody could hear a silence has been put off, so that doing it again does
-- nothing more.
alter table dwell add column unheard_until timestamptz;
