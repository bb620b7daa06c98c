-- What devices are asked to do, and what came of it.
create table device_command (
    id         uuid primary key,
    device     text not null references device,
    kind       text not null check (kind in ('locate', 'report_every', 'sos_numbers', 'ring',
                                             'call_back')),
    personal   bytea not null, -- its values: telephone numbers are somebody's. By the key file
    asked_by   text not null,
    asked_at   timestamptz not null,
    expires_at timestamptz not null,
    state      text not null check (state in ('waiting', 'sent', 'answered', 'unanswered',
                                              'published', 'expired', 'replaced')),
    sent_at    timestamptz,
    ended_at   timestamptz,
    check ((ended_at is null) = (state in ('waiting', 'sent')))
);
create index device_command_open on device_command (expires_at) where ended_at is null;
create index device_command_of on device_command (device, asked_at);
