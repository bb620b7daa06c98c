-- What the auditor asks of open alerts every few seconds is answered by what is wrong alone, not
-- by all that is open: both indexes are empty, or nearly, in a house where all goes well.
drop index concurrently if exists alert_without_desk;
create index concurrently alert_without_desk on alert (id)
    where state = 'raised' and coalesce(desk, '') = '';
drop index concurrently if exists alert_claimed_until;
create index concurrently alert_claimed_until on alert (claimed_until) where state = 'claimed';

-- in one transaction
