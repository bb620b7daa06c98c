-- No statement asks by these, and each press paid for them: an offer is never due (its order is), a
-- worker's visits are found by the constraint one_home_a_worker, and nobody asks for a home's
-- alerts. What asks one day makes its own again.
drop index offer_due;
drop index order_worker;
drop index alert_home;
