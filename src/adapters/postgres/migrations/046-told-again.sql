-- What goes on is told again, since a person may have closed its alert: since when it has been so,
-- and from when on. What was told before this: what is so at its next measurement.
alter table dwell
    add column began_at timestamptz,
    add column again_at timestamptz;
update dwell set began_at = last_at, again_at = last_at where told;
-- A silence is told again by time alone: the first look finds out when.
update dwell set since = last_at, due_at = last_at where told and rule = 'silence';
