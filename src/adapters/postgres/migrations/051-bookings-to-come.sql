-- The desk's list of what is booked reads what is still to come, however many there have been.
drop index concurrently if exists order_to_come;
create index concurrently order_to_come on service_order (wished_from, id)
    where wished_from is not null and due_at is not null and state <> 'completed';

-- in one transaction
