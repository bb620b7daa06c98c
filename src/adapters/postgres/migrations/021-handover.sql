-- Whom an alert's holder has asked to go on with it at the end of her shift.
alter table alert add column handed_to text;
-- What somebody still holds when she wants to go.
create index alert_held on alert (holder) where holder is not null and state <> 'closed';
-- A request's signals, for its evidence.
create index signal_request on signal (request) where request is not null;
