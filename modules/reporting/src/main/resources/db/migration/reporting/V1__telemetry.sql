create schema reporting;
grant usage on schema reporting to garrison_app, garrison_provider;

-- How far each collector has taken each partition. A collector advances it in the transaction of its rows by compare and
-- set, so that of two collectors that believe they own a partition only one can commit.
create table reporting.kafka_offset (
    topic     text   not null,
    part      int    not null,
    next_off  bigint not null check (next_off >= 0),
    primary key (topic, part)
);
grant select, insert, update on reporting.kafka_offset to garrison_provider;

-- One life of a stream's registers, and which of its records have arrived.
create table reporting.meter_epoch (
    tenant_id        uuid           not null,
    stream           uuid           not null,
    epoch            bigint         not null check (epoch > 0),
    nonce            bigint         not null,
    stack_id         uuid           not null,
    instance_id      uuid           not null,
    virtual_service  text           not null,
    source           text           not null check (source in ('KERNEL', 'PROXY')),
    seen             int8multirange not null,
    contig_seq       bigint         not null,
    max_seq          bigint         not null,
    final_seq        bigint,
    state            text           not null check (state in ('OPEN', 'FINAL', 'QUARANTINED')),
    updated_at       timestamptz    not null,
    primary key (tenant_id, stream, epoch)
);
create index meter_epoch_of_instance on reporting.meter_epoch (tenant_id, instance_id, updated_at);
create index meter_epoch_in_order on reporting.meter_epoch
    (tenant_id, stack_id, instance_id, virtual_service, source, stream);
call garrison.isolate('reporting.meter_epoch');
grant select on reporting.meter_epoch to garrison_app;
grant select, insert, update on reporting.meter_epoch to garrison_provider;

-- The registers at the end of each 5-minute interval: of the records of an interval the one with the highest sequence.
create table reporting.meter_bucket (
    tenant_id       uuid        not null,
    stream          uuid        not null,
    epoch           bigint      not null,
    bucket          bigint      not null,
    seq             bigint      not null,
    kind            text        not null check (kind in ('CLOSE', 'FINAL')),
    sub_license_id  uuid        not null,
    at              timestamptz not null,
    bytes_in        bigint      not null check (bytes_in >= 0),
    bytes_out       bigint      not null check (bytes_out >= 0),
    requests        bigint      not null check (requests >= 0),
    connections     bigint      not null check (connections >= 0),
    active_nanos    bigint      not null check (active_nanos >= 0),
    peak_bps        bigint      not null check (peak_bps >= 0),
    exact           boolean     not null,
    first_received  timestamptz not null,
    primary key (tenant_id, stream, epoch, bucket)
);
call garrison.isolate('reporting.meter_bucket');
grant select on reporting.meter_bucket to garrison_app;
grant select, insert, update on reporting.meter_bucket to garrison_provider;
