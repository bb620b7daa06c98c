-- Until when of what nobody could hear a silence has been put off, so that doing it again does
-- nothing more.
alter table dwell add column unheard_until timestamptz;

-- Whose number a contact's was when he was meant: his place in the list may be another's by the
-- time that he is told.
alter table delivery add column phone_hmac bytea;
