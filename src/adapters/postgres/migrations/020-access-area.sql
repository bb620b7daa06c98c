-- Whose business a line of the access log is: an audit officer of a street reads her street's.
-- Where somebody was seen stays as it was then; what lies in no area that can be told is read with
-- the whole installation's.
create function area_of_subject(subject text) returns text language sql stable as $$
    select case split_part(subject, ':', 1)
        when 'resident' then (select h.area from resident r join home h on h.id = r.home
                              where r.id = substr(subject, 10))
        when 'home' then (select h.area from home h where h.id = substr(subject, 6))
        when 'device' then (select h.area from device d left join resident r on r.id = d.resident
                            join home h on h.id = coalesce(d.home, r.home)
                            where d.id = split_part(substr(subject, 8), '/', 1))
        when 'worker' then (select s.area from worker w join site s on s.id = w.site
                            where w.id = substr(subject, 8))
        when 'user' then (select a.area from account a where a.id = substr(subject, 6))
        when 'area' then substr(subject, 6)
    end
$$;

alter table access_log add column area text;
update access_log set area = area_of_subject(subject);
create index access_log_area on access_log (area, at desc, id desc);
