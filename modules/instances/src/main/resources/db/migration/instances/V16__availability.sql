-- What each instance last reported of its part in the stack, and the plan that was made for it.
create table instances.instance_availability (
    tenant_id       uuid        not null,
    instance_id     uuid        not null,
    stack_id        uuid        not null,
    address         text,
    reported        json,
    reported_at     timestamptz,
    boot_id         uuid,
    report_sequence bigint,
    plan_number     bigint      not null default 0 check (plan_number >= 0),
    plan_basis      text,
    -- Sealed, because it may hold passwords of virtual routers.
    sealed_plan     bytea,
    primary key (tenant_id, instance_id),
    foreign key (tenant_id, instance_id) references instances.instance
) with (fillfactor = 70);
create index instance_availability_stack on instances.instance_availability (tenant_id, stack_id);
call garrison.isolate('instances.instance_availability');
grant select, insert, update, delete on instances.instance_availability to garrison_app;

-- What happened on instances, as they told it; the newest of each.
create table instances.instance_event (
    tenant_id   uuid        not null,
    instance_id uuid        not null,
    stack_id    uuid        not null,
    boot_id     uuid        not null,
    sequence    bigint      not null,
    at          timestamptz not null,
    received_at timestamptz not null,
    code        text        not null,
    severity    text        not null,
    message     text        not null,
    primary key (tenant_id, instance_id, boot_id, sequence),
    foreign key (tenant_id, instance_id) references instances.instance
);
create index instance_event_instance on instances.instance_event (tenant_id, instance_id, received_at, sequence, boot_id);
create index instance_event_stack on instances.instance_event (tenant_id, stack_id, received_at, sequence, instance_id, boot_id);
call garrison.isolate('instances.instance_event');
grant select, insert, delete on instances.instance_event to garrison_app;
