alter table licensing.sub_license add column suspended_at timestamptz;
grant update (valid_until, grace_days, instances, throughput_bps, virtual_services, features, jws, serial, suspended_at,
    revoked_at, version) on licensing.sub_license to garrison_app, garrison_provider;

-- The terms of a sub-licence change only with its file, and each file that replaces another has a higher serial.
create function licensing.terms_change_with_the_file() returns trigger language plpgsql as $$
begin
    if new.serial > old.serial and new.jws <> old.jws then
        return new;
    end if;
    raise exception 'the terms of a sub-licence change only when it is signed again';
end $$;
create trigger signed_terms before update on licensing.sub_license
    for each row when ((new.serial, new.jws, new.valid_until, new.grace_days, new.instances, new.throughput_bps,
        new.virtual_services, new.features, new.suspended_at, new.revoked_at)
        is distinct from (old.serial, old.jws, old.valid_until, old.grace_days, old.instances, old.throughput_bps,
        old.virtual_services, old.features, old.suspended_at, old.revoked_at))
    execute function licensing.terms_change_with_the_file();

-- Seats beyond a limit that was lowered are given up by then at the latest; null for all others.
alter table licensing.seat_lease add column give_up_at timestamptz;
grant update (give_up_at) on licensing.seat_lease to garrison_provider;

-- Seats that outlive a limit which was lowered still count in the pool, until their time is over.
alter table licensing.pool_share add column lingering bigint not null default 0 check (lingering >= 0),
    add column lingering_until timestamptz;
grant update (instances, throughput_bps, virtual_services, features, held_until, released_at, lingering, lingering_until)
    on licensing.pool_share to garrison_app, garrison_provider;
grant update (shares_cut) on licensing.license to garrison_provider;

-- A share says what its sub-licence says: who could change the one without the other could sell what is not there.
create function licensing.share_says_what_is_signed() returns trigger language plpgsql as $$
begin
    if exists (select 1 from licensing.pool_share p join licensing.sub_license s on s.id = p.sub_license_id
            where p.sub_license_id = new.sub_license_id and (p.instances, p.throughput_bps, p.virtual_services)
                is distinct from (s.instances, s.throughput_bps, s.virtual_services))
        or not exists (select 1 from licensing.sub_license s where s.id = new.sub_license_id) then
        raise exception 'a share of the licence pool must say what its sub-licence says';
    end if;
    return null;
end $$;
create constraint trigger share_as_signed
    after update of instances, throughput_bps, virtual_services on licensing.pool_share
    deferrable initially deferred for each row execute function licensing.share_says_what_is_signed();

-- Each signing of a sub-licence and what it changed. The values are JSON objects of the terms that differ.
create table licensing.sub_license_change (
    tenant_id       uuid         not null,
    sub_license_id  uuid         not null,
    serial          bigint       not null,
    at              timestamptz  not null,
    actor           text         not null,
    action          text         not null,
    was             jsonb        not null,
    became          jsonb        not null,
    reason          text,
    primary key (tenant_id, sub_license_id, serial),
    foreign key (tenant_id, sub_license_id) references licensing.sub_license
);
call garrison.isolate('licensing.sub_license_change');
grant select, insert, delete on licensing.sub_license_change to garrison_app;
grant select, insert on licensing.sub_license_change to garrison_provider;

-- Entitlements on their way from one sub-licence to another, which may be another tenant's. The row belongs to the
-- tenant that gives; who receives sees the change of its own sub-licence.
create table licensing.transfer (
    tenant_id          uuid         not null,
    id                 uuid         not null,
    sub_license_id     uuid         not null,
    to_tenant          uuid         not null,
    to_sub_license     uuid         not null,
    instances          bigint       not null check (instances >= 0),
    throughput_bps     bigint       not null check (throughput_bps >= 0),
    virtual_services   bigint       not null check (virtual_services >= 0),
    if_leases_break    text         not null,
    grace_hours        int          not null,
    effective_at       timestamptz  not null,
    state              text         not null,
    requested_at       timestamptz  not null,
    requested_by       text         not null,
    reason             text,
    ended_at           timestamptz,
    code               text,
    message            text,
    primary key (tenant_id, id),
    foreign key (tenant_id, sub_license_id) references licensing.sub_license
);
create index transfer_due on licensing.transfer (effective_at) where state = 'SCHEDULED';
call garrison.isolate('licensing.transfer');
grant select, insert, delete, update (state, ended_at, code, message) on licensing.transfer to garrison_app;
grant select, update (state, ended_at, code, message) on licensing.transfer to garrison_provider;
