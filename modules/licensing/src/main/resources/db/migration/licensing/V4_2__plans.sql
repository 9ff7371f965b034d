-- Reusable terms of the provider. They belong to no tenant. A plan is what its newest version says; versions are never
-- changed, so what was cut from one stays explained.
create table licensing.plan (
    id          uuid         primary key,
    name        text         not null,
    version     bigint       not null check (version > 0),
    created_at  timestamptz  not null,
    retired_at  timestamptz
);
create unique index plan_name on licensing.plan (lower(name)) where retired_at is null;
grant select, insert, update (name, version, retired_at) on licensing.plan to garrison_app;

create table licensing.plan_version (
    plan_id                    uuid         not null references licensing.plan,
    version                    bigint       not null,
    name                       text         not null,
    at                         timestamptz  not null,
    actor                      text         not null,
    grace_days                 int          not null check (grace_days between 0 and 365),
    term_days                  int          not null check (term_days between 1 and 3660),
    instances                  bigint       not null check (instances >= 0),
    throughput_bps             bigint       not null check (throughput_bps >= 0),
    virtual_services           bigint       not null check (virtual_services >= 0),
    features                   text[]       not null,
    instances_overage          text         not null,
    instances_ceiling          bigint,
    throughput_bps_overage     text         not null,
    throughput_bps_ceiling     bigint,
    virtual_services_overage   text         not null,
    virtual_services_ceiling   bigint,
    primary key (plan_id, version)
);
grant select, insert on licensing.plan_version to garrison_app;

-- Which sub-licence was cut from which version of which plan.
create table licensing.plan_cut (
    tenant_id       uuid         not null,
    sub_license_id  uuid         not null,
    plan_id         uuid         not null,
    plan_version    bigint       not null,
    at              timestamptz  not null,
    primary key (tenant_id, sub_license_id),
    foreign key (tenant_id, sub_license_id) references licensing.sub_license
);
create index plan_cut_of on licensing.plan_cut (plan_id, at desc);
call garrison.isolate('licensing.plan_cut');
grant select, insert, delete on licensing.plan_cut to garrison_app;
grant select on licensing.plan_cut to garrison_provider;
