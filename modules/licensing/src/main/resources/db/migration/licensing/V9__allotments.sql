-- By how much the children of a licence may add up to more than it has. Only the provider's role changes it: with it
-- changes how much there is to give away.
alter table licensing.license
    add column instances_overcommit numeric(4, 2) not null default 1 check (instances_overcommit between 1 and 10),
    add column throughput_bps_overcommit numeric(4, 2) not null default 1
        check (throughput_bps_overcommit between 1 and 10),
    add column virtual_services_overcommit numeric(4, 2) not null default 1
        check (virtual_services_overcommit between 1 and 10),
    add column version bigint not null default 1;
grant update (instances_overcommit, throughput_bps_overcommit, virtual_services_overcommit, version)
    on licensing.license to garrison_provider;

-- The parts of licences that resellers have. They belong to no tenant. Where a tenant is bound they can be read, because a
-- sub-licence is cut from one within the tenant; they name the reseller by nothing but its id.
create table licensing.allotment (
    id                           uuid           primary key,
    reseller_id                  uuid           not null,
    license_id                   uuid           not null references licensing.license,
    instances                    bigint         not null check (instances >= 0),
    throughput_bps               bigint         not null check (throughput_bps >= 0),
    virtual_services             bigint         not null check (virtual_services >= 0),
    features                     text[]         not null,
    instances_overcommit         numeric(4, 2)  not null check (instances_overcommit between 1 and 10),
    throughput_bps_overcommit    numeric(4, 2)  not null check (throughput_bps_overcommit between 1 and 10),
    virtual_services_overcommit  numeric(4, 2)  not null check (virtual_services_overcommit between 1 and 10),
    created_at                   timestamptz    not null,
    version                      bigint         not null default 1,
    released_at                  timestamptz
);
-- Of one licence a reseller has one part, so it is clear from which its tenants draw.
create unique index allotment_held on licensing.allotment (reseller_id, license_id) where released_at is null;
create index allotment_of on licensing.allotment (license_id) where released_at is null;
grant select on licensing.allotment to garrison_app;
grant select, insert, update (instances, throughput_bps, virtual_services, features, instances_overcommit,
    throughput_bps_overcommit, virtual_services_overcommit, version, released_at) on licensing.allotment
    to garrison_provider;

-- What a share is cut from: an allotment, or, where there is none, the licence itself. It stays for the share's life.
alter table licensing.pool_share add column allotment_id uuid references licensing.allotment;
create index pool_share_cut on licensing.pool_share (allotment_id, held_until) where released_at is null;

-- For the tree of a licence.
create index sub_license_of on licensing.sub_license (allocated_from, tenant_id);
