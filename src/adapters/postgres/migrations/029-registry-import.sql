-- What was imported by a page, written by the import's own transaction: who began one whose server
-- has stopped is told whether it was loaded.
create table registry_import (
    id     uuid primary key,
    at     timestamptz not null,
    by_who text not null,
    area   text not null     -- of whoever began it
);
