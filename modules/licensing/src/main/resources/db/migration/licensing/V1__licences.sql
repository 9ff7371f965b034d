create schema licensing;
grant usage on schema licensing to garrison_app, garrison_provider;

-- This installation: who it is, and the latest time that it has seen, so that a clock set back wins nothing.
create table licensing.installation (
    one        boolean      primary key default true check (one),
    id         uuid         not null default gen_random_uuid(),
    time_seen  timestamptz  not null default 'epoch'
);
insert into licensing.installation default values;
grant select, update (time_seen) on licensing.installation to garrison_app, garrison_provider;

-- The provider's licences. They belong to no tenant. Rows are never changed but for the count of shares that were cut
-- from them, whose change is the lock on the licence pool.
create table licensing.license (
    id                uuid         primary key,
    mssp              text         not null,
    vendor_key_id     text         not null,
    signing_key_id    text         not null,
    signing_key       bytea        not null,
    jws               text         not null,
    deployment        uuid,
    demo              boolean      not null,
    valid_from        timestamptz  not null,
    valid_until       timestamptz  not null check (valid_until > valid_from),
    instances         bigint       not null check (instances >= 0),
    throughput_bps    bigint       not null check (throughput_bps >= 0),
    virtual_services  bigint       not null check (virtual_services >= 0),
    features          text[]       not null,
    loaded_at         timestamptz  not null,
    shares_cut        bigint       not null default 0
);
grant select, insert, update (shares_cut) on licensing.license to garrison_app;
grant select on licensing.license to garrison_provider;

-- What each sub-licence holds of its licence's pool. Says how much, never whose, so that an allocation within one tenant
-- can be weighed against the shares of all.
create table licensing.pool_share (
    sub_license_id    uuid         primary key,
    license_id        uuid         not null references licensing.license,
    instances         bigint       not null check (instances >= 0),
    throughput_bps    bigint       not null check (throughput_bps >= 0),
    virtual_services  bigint       not null check (virtual_services >= 0),
    features          text[]       not null,
    held_until        timestamptz  not null,
    released_at       timestamptz
);
create index pool_share_held on licensing.pool_share (license_id, held_until) where released_at is null;
grant select, insert, update (released_at) on licensing.pool_share to garrison_app;
grant select on licensing.pool_share to garrison_provider;

create table licensing.sub_license (
    tenant_id         uuid         not null,
    id                uuid         not null unique,
    license_id        uuid         not null references licensing.license,
    mode              text         not null,
    valid_from        timestamptz  not null,
    valid_until       timestamptz  not null check (valid_until > valid_from),
    grace_days        int          not null check (grace_days between 0 and 365),
    instances         bigint       not null check (instances >= 0),
    throughput_bps    bigint       not null check (throughput_bps >= 0),
    virtual_services  bigint       not null check (virtual_services >= 0),
    features          text[]       not null,
    jws               text         not null,
    created_at        timestamptz  not null,
    revoked_at        timestamptz,
    version           bigint       not null default 1,
    primary key (tenant_id, id)
);
call garrison.isolate('licensing.sub_license');
grant select, insert, update (revoked_at, version) on licensing.sub_license to garrison_app;
grant select on licensing.sub_license to garrison_provider;

create table licensing.seat_lease (
    tenant_id       uuid         not null,
    instance_id     uuid         not null,
    sub_license_id  uuid         not null,
    taken_at        timestamptz  not null,
    expires_at      timestamptz  not null,
    primary key (tenant_id, instance_id),
    foreign key (tenant_id, sub_license_id) references licensing.sub_license
);
create index seat_lease_of on licensing.seat_lease (tenant_id, sub_license_id, expires_at);
call garrison.isolate('licensing.seat_lease');
grant select, insert, update, delete on licensing.seat_lease to garrison_app;
grant select on licensing.seat_lease to garrison_provider;
