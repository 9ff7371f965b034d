-- One row per sub-licence: whoever splits its throughput, or tells what was used of it, locks it.
create table instances.throughput_split (
    tenant_id      uuid   not null,
    sub_license_id uuid   not null,
    told_until     timestamptz,
    told_bps       bigint not null default 0,
    primary key (tenant_id, sub_license_id)
);
call garrison.isolate('instances.throughput_split');
grant select, insert, update, delete on instances.throughput_split to garrison_app;
grant select on instances.throughput_split to garrison_provider;

-- What each instance was told that it may pass, what it may be passing still, and what it measured.
create table instances.throughput_share (
    tenant_id       uuid        not null,
    instance_id     uuid        not null,
    number          bigint      not null default 0,
    granted_bps     bigint      check (granted_bps >= 0),
    held_bps        bigint      check (held_bps >= granted_bps),
    demand_bps      bigint      not null default 0,
    hungry          boolean     not null default false,
    boot_id         uuid        not null,
    report_sequence bigint      not null,
    measured_ms     bigint      not null,
    bytes_in        bigint      not null,
    bytes_out       bigint      not null,
    in_bps          bigint      not null default 0,
    out_bps         bigint      not null default 0,
    peak_in_bps     bigint      not null default 0,
    peak_out_bps    bigint      not null default 0,
    enforcement     text        not null,
    reason          text,
    reported_at     timestamptz not null,
    primary key (tenant_id, instance_id),
    foreign key (tenant_id, instance_id) references instances.instance
) with (fillfactor = 70);
call garrison.isolate('instances.throughput_share');
grant select, insert, update, delete on instances.throughput_share to garrison_app;
grant select on instances.throughput_share to garrison_provider;

-- What passed in five minutes, until licensing was told.
create table instances.throughput_window (
    tenant_id      uuid        not null,
    instance_id    uuid        not null,
    began_at       timestamptz not null,
    sub_license_id uuid        not null,
    bytes_in       bigint      not null,
    bytes_out      bigint      not null,
    primary key (tenant_id, instance_id, began_at),
    foreign key (tenant_id, instance_id) references instances.instance
) with (fillfactor = 70);
create index throughput_window_sub_license on instances.throughput_window (tenant_id, sub_license_id, began_at);
call garrison.isolate('instances.throughput_window');
grant select, insert, update, delete on instances.throughput_window to garrison_app;
grant select on instances.throughput_window to garrison_provider;
