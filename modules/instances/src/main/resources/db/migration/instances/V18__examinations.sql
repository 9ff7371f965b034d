-- What the doctor of each instance found last, and whether it is wanted again. The old result stays until the new one is
-- there.
create table instances.examination (
    tenant_id   uuid        not null,
    instance_id uuid        not null,
    stack_id    uuid        not null,
    id          uuid        not null,
    asked_at    timestamptz not null,
    asked_by    text        not null,
    -- When the instance was told of it first.
    told_at     timestamptz,
    -- Of the examination that came to its end last, which is this one or an earlier one.
    result      json,
    primary key (tenant_id, instance_id),
    foreign key (tenant_id, instance_id) references instances.instance
);
create index examination_stack on instances.examination (tenant_id, stack_id);
call garrison.isolate('instances.examination');
grant select, insert, update, delete on instances.examination to garrison_app;
