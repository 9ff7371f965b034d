-- Samples as they came, for a day from when they came. They make the 5-minute rows repeatable.
create table reporting.stats_sample (
    tenant_id        uuid             not null,
    instance_id      uuid             not null,
    sample_id        uuid             not null,
    stack_id         uuid             not null,
    virtual_service  text             not null,
    at               timestamptz      not null,
    slot             timestamptz      not null,
    seconds          int              not null,
    bytes_in         bigint           not null,
    bytes_out        bigint           not null,
    requests         bigint           not null,
    connections      bigint           not null,
    connections_now  bigint           not null,
    denied           bigint           not null,
    status2xx        bigint           not null,
    status3xx        bigint           not null,
    status4xx        bigint           not null,
    status5xx        bigint           not null,
    latency_ms       double precision,
    taken_at         timestamptz      not null default now(),
    primary key (tenant_id, instance_id, sample_id)
);
create index stats_sample_of_slot on reporting.stats_sample (tenant_id, instance_id, virtual_service, slot);
create index stats_sample_in_time on reporting.stats_sample (tenant_id, at);
create index stats_sample_taken on reporting.stats_sample (taken_at);
call garrison.isolate('reporting.stats_sample');
grant select, delete on reporting.stats_sample to garrison_app;
grant select, insert, delete on reporting.stats_sample to garrison_provider;

-- Five minutes of one virtual service on one instance, made anew from the samples whenever one of them comes.
create table reporting.stats_slot (
    tenant_id        uuid             not null,
    instance_id      uuid             not null,
    virtual_service  text             not null,
    slot             timestamptz      not null,
    stack_id         uuid             not null,
    samples          int              not null,
    seconds          bigint           not null,
    bytes_in         bigint           not null,
    bytes_out        bigint           not null,
    requests         bigint           not null,
    connections      bigint           not null,
    connections_now  double precision not null,
    denied           bigint           not null,
    status2xx        bigint           not null,
    status3xx        bigint           not null,
    status4xx        bigint           not null,
    status5xx        bigint           not null,
    latency_weighted double precision not null,
    latency_weight   bigint           not null,
    primary key (tenant_id, instance_id, virtual_service, slot)
);
create index stats_slot_in_time on reporting.stats_slot (slot, tenant_id);
call garrison.isolate('reporting.stats_slot');
grant select, delete on reporting.stats_slot to garrison_app;
grant select, insert, update, delete on reporting.stats_slot to garrison_provider;

-- From when to when something was heard of a service, to know what is missing.
create table reporting.stats_source (
    tenant_id        uuid        not null,
    instance_id      uuid        not null,
    virtual_service  text        not null,
    first_at         timestamptz not null,
    last_at          timestamptz not null,
    primary key (tenant_id, instance_id, virtual_service)
);
call garrison.isolate('reporting.stats_source');
grant select, delete on reporting.stats_source to garrison_app;
grant select, insert, update, delete on reporting.stats_source to garrison_provider;

-- When a tenant is deleted its registers go with it.
grant delete on reporting.meter_epoch, reporting.meter_bucket to garrison_app;
