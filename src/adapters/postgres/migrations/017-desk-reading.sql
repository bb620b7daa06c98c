-- What a card asks for: the closed alerts of a home, newest first, and what somebody wears.
create index alert_past on alert (home, closed_at) where state = 'closed';
create index device_resident on device (resident) where resident is not null;
