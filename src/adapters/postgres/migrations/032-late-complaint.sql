-- A late complaint is a supervisor's to answer.
alter table coverage_gap
    drop constraint coverage_gap_mender_kind_check,
    add constraint coverage_gap_mender_kind_check
        check (mender_kind in ('site', 'provider', 'area_officer', 'supervisor'));
