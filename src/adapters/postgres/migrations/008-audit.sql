-- What must never be there: each of these indexes is empty while the house does its duty, so that
-- asking for it all the time costs one step. Writing costs the test of the condition.
create index order_unclocked on service_order (id) where due_at is null
    and state not in ('followed_up', 'cancelled', 'failed', 'stood_down');
create index offer_unclocked on offer (id) where due_at is null and state = 'open';
-- The kinds that bring an alert or a request whoever sends them (domain/triage).
create index signal_unanswered on signal (received_at) where alert is null and request is null
    and kind in ('unreadable', 'sos', 'help_request', 'fall', 'fall_confirmed', 'inactivity',
                 'fence', 'vitals', 'smoke', 'gas', 'water', 'bed', 'removed', 'clock_jump');
