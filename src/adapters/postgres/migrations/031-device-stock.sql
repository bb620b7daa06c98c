-- Where a device lies while it is bound to nobody: who looks after that area finds it there. It
-- keeps this while it is bound, and comes back to it.
alter table device add column stock_area text references area;
