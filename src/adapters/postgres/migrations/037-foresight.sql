-- What a press of a resident's or a home's device is decided by. Whoever has read it can decide
-- without asking, as long as the commit finds the same stamp. (Worn by a worker, a device is
-- wherever he is: that is asked for.)
create view foreseen_device as
    select f.*, hashtextextended(f::text, 0) as stamp
    from (select d.id, d.resident, h.id as home, h.area, h.rough_place, h.latitude, h.longitude,
                 h.flags, coalesce(r.synthetic, false) as synthetic,
                 coalesce(r.high_risk, exists (
                     select from resident x where x.home = d.home and x.high_risk)) as high_risk
          from device d left join resident r on r.id = d.resident
          join home h on h.id = coalesce(d.home, r.home)
          where d.worker is null) as f;

-- True, or a lost race.
create function is_as_foreseen(devices text[], stamps bigint[]) returns boolean
stable language plpgsql as $$
begin
    if exists (select from unnest(devices, stamps) as w (device, stamp)
               where not exists (select from foreseen_device f
                                 where f.id = w.device and f.stamp = w.stamp)) then
        raise exception 'lost a race: the registry has changed' using errcode = '40001';
    end if;
    return true;
end $$;
