-- A jump of the clock that is not believed yet: how far it is ahead of the time that counts, and since when.
alter table licensing.installation
    add column ahead_seconds bigint check (ahead_seconds > 0),
    add column ahead_since   timestamptz,
    add check ((ahead_seconds is null) = (ahead_since is null));
grant update (ahead_seconds, ahead_since) on licensing.installation to garrison_app, garrison_provider;

-- The lease that was signed last. One that was given out as a file is kept, because it is not replaced before it ends.
alter table licensing.seat_lease
    add column lease_id uuid,
    add column offline  boolean not null default false,
    add column signed   text,
    add check (not offline or signed is not null);

-- Offline leases that came back, so that a receipt counts once.
create table licensing.lease_return (
    tenant_id    uuid        not null,
    lease_id     uuid        not null,
    instance_id  uuid        not null,
    receipt_id   uuid        not null,
    returned_at  timestamptz not null,
    loaded_at    timestamptz not null,
    primary key (tenant_id, lease_id)
);
call garrison.isolate('licensing.lease_return');
grant select, insert, delete on licensing.lease_return to garrison_app;

-- The installation's own key of leases, for sub-licences whose MSSP's key is elsewhere. Sealed; belongs to no tenant.
create table licensing.lease_key (
    one         boolean     primary key default true check (one),
    public_key  bytea       not null,
    sealed_key  bytea       not null,
    created_at  timestamptz not null
);
grant select, insert on licensing.lease_key to garrison_app;
