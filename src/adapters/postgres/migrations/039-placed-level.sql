-- Places for calls that the house begins are few: an emergency doesn't wait behind a notice.
alter table placed_call
    add column level smallint not null default 1 check (level between 1 and 4);
