-- Whether a worker is there at all: ill or away until further notice, he keeps his hours. A server
-- of the version before, and a file without the column, leave it as it is.
alter table worker add column on_duty boolean not null default true;
-- Whom a company could send is asked by its manager.
create index worker_provider on worker (provider);
