-- What is asked of a stretch of time reads that stretch, however old the house is: the figures of a
-- day or a month, today's numbers at the desk, and what is let go of because it is old enough.
drop index concurrently if exists alert_opened;
create index concurrently alert_opened on alert (opened_at);
drop index concurrently if exists alert_closed;
create index concurrently alert_closed on alert (closed_at) where closed_at is not null;
drop index concurrently if exists order_opened;
create index concurrently order_opened on service_order (opened_at);
drop index concurrently if exists request_opened;
create index concurrently request_opened on request (opened_at);
drop index concurrently if exists maintenance_ended;
create index concurrently maintenance_ended on maintenance (ended_at) where ended_at is not null;

-- in one transaction
