-- What all instances of a stack agree on. A stack without a row is at the defaults.
create table instances.stack_ha (
    tenant_id              uuid        not null,
    stack_id               uuid        not null,
    mode                   text        not null,
    port                   int         not null check (port between 1 and 65534),
    peer_check_interval_ms int         not null check (peer_check_interval_ms between 50 and 60000),
    peer_failure_threshold int         not null check (peer_failure_threshold between 1 and 50),
    version                bigint      not null,
    changed_at             timestamptz not null,
    changed_by             text        not null,
    primary key (tenant_id, stack_id),
    foreign key (tenant_id, stack_id) references instances.stack
);
call garrison.isolate('instances.stack_ha');
grant select, insert, update, delete on instances.stack_ha to garrison_app;

-- What each instance has of its own. An instance without a row is at the defaults, and no primary.
create table instances.instance_ha (
    tenant_id             uuid    not null,
    instance_id           uuid    not null,
    stack_id              uuid    not null,
    settings              json    not null,
    link_pairs            json    not null,
    declared_capacity_bps bigint  check (declared_capacity_bps > 0),
    primary key (tenant_id, instance_id),
    foreign key (tenant_id, instance_id) references instances.instance
);
create index instance_ha_stack on instances.instance_ha (tenant_id, stack_id);
call garrison.isolate('instances.instance_ha');
grant select, insert, update, delete on instances.instance_ha to garrison_app;

create table instances.virtual_router (
    tenant_id              uuid   not null,
    stack_id               uuid   not null,
    name                   text   not null check (length(name) between 1 and 32),
    position               int    not null,
    network                text   not null check (length(network) between 1 and 63),
    router_id              int    not null check (router_id between 1 and 255),
    device                 text   not null,
    addresses              json   not null,
    owner_id               uuid,
    version                int    not null check (version in (2, 3)),
    sealed_password        bytea,
    garp_repeat            int    not null,
    garp_refresh_seconds   int    not null,
    primary key (tenant_id, stack_id, name),
    foreign key (tenant_id, stack_id) references instances.stack
);
call garrison.isolate('instances.virtual_router');
grant select, insert, update, delete on instances.virtual_router to garrison_app;

-- Numbers and addresses of virtual routers are had once in a network, whosever they are. The index says that something is
-- taken and not by whom: no row of another tenant can be read.
create table instances.network_claim (
    tenant_id uuid not null,
    stack_id  uuid not null,
    network   text not null,
    kind      text not null check (kind in ('ROUTER', 'ADDRESS')),
    claimed   text not null,
    primary key (tenant_id, stack_id, network, kind, claimed),
    foreign key (tenant_id, stack_id) references instances.stack
);
create unique index network_claim_once on instances.network_claim (network, kind, claimed);
call garrison.isolate('instances.network_claim');
grant select, insert, delete on instances.network_claim to garrison_app;
