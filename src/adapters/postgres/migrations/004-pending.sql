-- A fall is counted down before it is raised: `pending` is an open state that nobody holds. Both
-- checks allow more than they did, so every row passes; the table is small enough to be looked
-- through while it is locked.
alter table alert
    drop constraint alert_state_check,
    drop constraint alert_check2,
    add constraint alert_state_check
        check (state in ('pending', 'raised', 'claimed', 'handled', 'closed')),
    add constraint alert_held_check
        check (state in ('pending', 'raised', 'closed') or holder is not null),
    add constraint alert_pending_check
        check (state <> 'pending' or (holder is null and outcome is null));
