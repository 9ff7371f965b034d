-- Rehearsed failovers: who gives an address up, who measures, and what both have told of it.
create table instances.drill (
    tenant_id    uuid        not null,
    id           uuid        not null,
    stack_id     uuid        not null,
    router       text        not null,
    kind         text        not null,
    starts_at    timestamptz not null,
    hold_seconds int         not null check (hold_seconds between 1 and 300),
    reason       text        not null,
    yielder_id   uuid        not null,
    prober_id    uuid        not null,
    asked_at     timestamptz not null,
    asked_by     text        not null,
    -- When the first of the two was told; from then on both have to be.
    told_at      timestamptz,
    -- Why neither was.
    problem      text,
    yielded      json,
    probed       json,
    primary key (tenant_id, id),
    foreign key (tenant_id, stack_id) references instances.stack
);
create index drill_stack on instances.drill (tenant_id, stack_id, starts_at);
call garrison.isolate('instances.drill');
grant select, insert, update, delete on instances.drill to garrison_app;
