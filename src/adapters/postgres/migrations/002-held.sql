-- Holds the number for a change that is made at the same time; its migration takes this place.
select 1;
