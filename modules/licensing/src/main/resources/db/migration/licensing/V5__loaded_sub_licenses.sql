-- A sub-licence that came as a signed file has its licence elsewhere: it holds no share of a pool here, and its licence
-- has no row. One that was allocated here still must name a licence that is loaded.
alter table licensing.sub_license
    drop constraint sub_license_license_id_fkey,
    add column loaded_at timestamptz,
    add column allocated_from uuid generated always as (case when loaded_at is null then license_id end) stored
        references licensing.license;

-- Loading weighs a file against the sub-licences of all tenants, so it runs in the provider's scope.
grant insert, update on licensing.sub_license to garrison_provider;
