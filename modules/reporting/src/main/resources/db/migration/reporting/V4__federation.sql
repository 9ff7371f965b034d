-- The transaction that last changed a register, so that what is new can be found: a row is new to whoever has seen all
-- transactions before the oldest one that was running then. Costs the ledger next to nothing, for its index keeps a line per
-- range of pages.
alter table reporting.meter_epoch add column changed bigint not null default 0;
alter table reporting.meter_epoch alter column changed set default (pg_current_xact_id()::text::bigint);
alter table reporting.meter_bucket add column changed bigint not null default 0;
alter table reporting.meter_bucket alter column changed set default (pg_current_xact_id()::text::bigint);
create index meter_bucket_changed on reporting.meter_bucket using brin (changed) with (autosummarize = on);

-- At the MSSP: whose instance it is, namely the site's that named it first.
create table reporting.site_instance (
    tenant_id    uuid not null,
    instance_id  uuid not null,
    stack_id     uuid not null,
    site_id      uuid not null,
    primary key (tenant_id, instance_id)
);
call garrison.isolate('reporting.site_instance');
grant select, delete on reporting.site_instance to garrison_app;
grant select, insert, update on reporting.site_instance to garrison_provider;

-- Which batches of a site have come.
create table reporting.site_batch (
    tenant_id    uuid        not null,
    site_id      uuid        not null,
    number       bigint      not null check (number > 0),
    sha256       text        not null,
    previous     text,
    new_rows     int         not null,
    received_at  timestamptz not null,
    primary key (tenant_id, site_id, number)
);
call garrison.isolate('reporting.site_batch');
grant select, delete on reporting.site_batch to garrison_app;
grant select, insert on reporting.site_batch to garrison_provider;

-- At the customer's: batches that were made, with their bytes until they are acknowledged.
create table reporting.usage_outbox (
    number           bigint      primary key check (number > 0),
    sha256           text        not null,
    rows             int         not null,
    body             bytea,
    made_at          timestamptz not null,
    acknowledged_at  timestamptz
);
grant select, insert, update, delete on reporting.usage_outbox to garrison_provider;

-- How far batches have been made: all that was changed before "low", and of what was changed from there to "high" (while
-- that is set) what lies up to the keys.
create table reporting.usage_cursor (
    id             int    primary key check (id = 1),
    low            bigint not null,
    high           bigint,
    bucket_stream  uuid,
    bucket_epoch   bigint,
    bucket         bigint,
    epoch_stream   uuid,
    epoch          bigint,
    last_number    bigint not null,
    last_sha256    text
);
grant select, insert, update, delete on reporting.usage_cursor to garrison_provider;
