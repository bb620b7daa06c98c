-- Visits after which nobody has asked yet whether help came.
create index order_to_follow_up on service_order (due_at) where state = 'completed';
