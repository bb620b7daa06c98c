-- Who must not be told stays so when a list or a page leaves him out: the next list may bring him
-- back and know nothing of it. A number goes from here when it is a contact again, or by a plain
-- "no", and with the resident's erasure.
create table do_not_tell (
    resident   text not null references resident,
    phone_hmac bytea not null,
    primary key (resident, phone_hmac)
);
