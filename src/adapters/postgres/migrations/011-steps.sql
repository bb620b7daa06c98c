-- How far an alert's plan has come, in words that domain/progress reads ('done=3 told=contacts'),
-- so that a restart does each step once; when its steps began to count; and the clock of its
-- ladder, since due_at may now be a step's. All three may be missing: a server of the version
-- before goes on writing until it is replaced, and no press of its may be refused for that.
alter table alert
    add column ladder_at timestamptz,
    add column steps_from timestamptz,
    add column progress text not null default '';

-- Which operators were heard of lately. Few lines are theirs, so presses pay nothing for it.
create index log_operator on log (at, by_who) where by_kind = 'operator';
-- What a false alarm is counted by when the next one is closed.
create index alert_false on alert (subject, closed_at) where outcome = 'false_alarm';
