-- The epochs whose registers, or the numbers of whose readings, are not in the order of intervals, as on a machine that was set
-- back with its memory. All their readings before a range have to be looked at; of others the last one tells all.
create table reporting.meter_disorder (
    tenant_id uuid   not null,
    stream    uuid   not null,
    epoch     bigint not null,
    primary key (tenant_id, stream, epoch)
);
call garrison.isolate('reporting.meter_disorder');
grant select, delete on reporting.meter_disorder to garrison_app;
grant select, insert on reporting.meter_disorder to garrison_provider;
