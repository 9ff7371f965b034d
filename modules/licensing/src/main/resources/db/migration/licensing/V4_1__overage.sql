-- What happens beyond each limit. A ceiling belongs to CEILING and to nothing else.
alter table licensing.sub_license
    add column instances_overage text not null default 'DENY',
    add column instances_ceiling bigint,
    add column throughput_bps_overage text not null default 'DENY',
    add column throughput_bps_ceiling bigint,
    add column virtual_services_overage text not null default 'DENY',
    add column virtual_services_ceiling bigint,
    add check ((instances_overage = 'CEILING') = (instances_ceiling is not null)),
    add check ((throughput_bps_overage = 'CEILING') = (throughput_bps_ceiling is not null)),
    add check ((virtual_services_overage = 'CEILING') = (virtual_services_ceiling is not null));
grant update (instances_overage, instances_ceiling, throughput_bps_overage, throughput_bps_ceiling,
    virtual_services_overage, virtual_services_ceiling) on licensing.sub_license to garrison_app, garrison_provider;
create trigger signed_overage before update on licensing.sub_license
    for each row when ((new.instances_overage, new.instances_ceiling, new.throughput_bps_overage,
        new.throughput_bps_ceiling, new.virtual_services_overage, new.virtual_services_ceiling)
        is distinct from (old.instances_overage, old.instances_ceiling, old.throughput_bps_overage,
        old.throughput_bps_ceiling, old.virtual_services_overage, old.virtual_services_ceiling))
    execute function licensing.terms_change_with_the_file();

-- What is used beyond the limits is not there for others: it counts in the pool as long as it is used.
alter table licensing.pool_share
    add column over_instances bigint not null default 0 check (over_instances >= 0),
    add column over_virtual_services bigint not null default 0 check (over_virtual_services >= 0);
grant update (over_instances, over_virtual_services) on licensing.pool_share to garrison_app, garrison_provider;

-- What other modules told was used, for metrics that licensing does not count itself.
create table licensing.consumption (
    tenant_id       uuid         not null,
    sub_license_id  uuid         not null,
    metric          text         not null,
    used            bigint       not null check (used >= 0),
    told_at         timestamptz  not null,
    primary key (tenant_id, sub_license_id, metric),
    foreign key (tenant_id, sub_license_id) references licensing.sub_license
);
call garrison.isolate('licensing.consumption');
grant select, insert, update, delete on licensing.consumption to garrison_app;
grant select on licensing.consumption to garrison_provider;

-- From when to when how much was used beyond which limit, and by which rule. An interval is open until the amount, the
-- limit or the rule changes; of a sub-licence and metric at most one is open.
create table licensing.overage_interval (
    tenant_id       uuid         not null,
    id              uuid         not null,
    sub_license_id  uuid         not null,
    metric          text         not null,
    began_at        timestamptz  not null,
    ended_at        timestamptz  check (ended_at > began_at),
    amount          bigint       not null check (amount > 0),
    over_limit      bigint       not null,
    policy          text         not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, sub_license_id) references licensing.sub_license
);
create unique index overage_open on licensing.overage_interval (tenant_id, sub_license_id, metric)
    where ended_at is null;
call garrison.isolate('licensing.overage_interval');
grant select, insert, update (ended_at), delete on licensing.overage_interval to garrison_app;
grant select on licensing.overage_interval to garrison_provider;
