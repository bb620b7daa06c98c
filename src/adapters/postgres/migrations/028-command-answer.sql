-- Commands of the pages that bear a key, and what was answered: whoever repeats one hears the same.
create table command_answer (
    who     text not null,
    key     text not null,        -- his own, of one press of a button
    request bytea not null,       -- keyed digest of what was asked
    since   timestamptz not null,
    status  smallint,             -- null: begun, and nobody knows how it ended
    body    bytea,                -- sealed
    primary key (who, key),
    check ((status is null) = (body is null))
);
-- What is old enough to be forgotten.
create index command_answer_since on command_answer (since);
