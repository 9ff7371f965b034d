create table reporting.report_run (
    tenant_id   uuid        not null,
    id          uuid        not null,
    definition  text        not null,
    from_at     timestamptz not null,
    to_at       timestamptz not null,
    state       text        not null check (state in ('RUNNING', 'SUCCEEDED', 'FAILED')),
    started_at  timestamptz not null,
    operation   uuid        not null,
    error       text,
    primary key (tenant_id, id)
);
create index report_run_newest on reporting.report_run (tenant_id, started_at desc, id desc);
call garrison.isolate('reporting.report_run');
grant select, insert, update, delete on reporting.report_run to garrison_app;

create table reporting.report_file (
    tenant_id  uuid  not null,
    run_id     uuid  not null,
    format     text  not null check (format in ('PDF', 'XLSX', 'CSV', 'HTML')),
    content    bytea not null check (octet_length(content) <= 33554432),
    primary key (tenant_id, run_id, format),
    foreign key (tenant_id, run_id) references reporting.report_run (tenant_id, id) on delete cascade
);
call garrison.isolate('reporting.report_file');
grant select, insert, delete on reporting.report_file to garrison_app;
