-- What changes with each heartbeat, in a narrow row: what seldom changes is not written again with it.
create table instances.heartbeat (
    tenant_id                uuid        not null,
    instance_id              uuid        not null,
    last_seen                timestamptz,
    boot_id                  uuid,
    report_sequence          bigint,
    spool                    json,
    -- The same of the part about the stack, which is taken by itself.
    stack_seen               timestamptz,
    stack_boot_id            uuid,
    stack_report_sequence    bigint,
    aux_exchanged_at         timestamptz,
    aux_convergence_p95_ms   double precision,
    primary key (tenant_id, instance_id),
    foreign key (tenant_id, instance_id) references instances.instance
) with (fillfactor = 50);
call garrison.isolate('instances.heartbeat');
grant select, insert, update, delete on instances.heartbeat to garrison_app;
grant select on instances.heartbeat to garrison_provider;

insert into instances.heartbeat (tenant_id, instance_id, last_seen, boot_id, report_sequence, spool, stack_seen,
        stack_boot_id, stack_report_sequence)
select i.tenant_id, i.id, i.last_seen, i.boot_id, i.report_sequence, i.spool, a.reported_at, a.boot_id, a.report_sequence
  from instances.instance i
  left join instances.instance_availability a on a.tenant_id = i.tenant_id and a.instance_id = i.id;

-- Digest of what was reported last: while it stays, the row is not written.
alter table instances.instance
    add column reported_sha256 text,
    drop column last_seen,
    drop column boot_id,
    drop column report_sequence,
    drop column spool;
alter table instances.instance_availability
    add column reported_sha256 text,
    drop column reported_at,
    drop column boot_id,
    drop column report_sequence;
