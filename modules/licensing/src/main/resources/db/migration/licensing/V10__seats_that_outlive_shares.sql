-- Seats on offline leases cannot be called back. Where a share ends before them they count in the pool on their own, until
-- the last of them is over.
alter table licensing.pool_share add column outliving bigint not null default 0 check (outliving >= 0),
    add column outliving_until timestamptz,
    add check (outliving = 0 or outliving_until is not null);
create index pool_share_outlived on licensing.pool_share (license_id, outliving_until) where outliving > 0;
create index pool_share_cut_outlived on licensing.pool_share (allotment_id, outliving_until) where outliving > 0;
grant update (outliving, outliving_until) on licensing.pool_share to garrison_app, garrison_provider;
