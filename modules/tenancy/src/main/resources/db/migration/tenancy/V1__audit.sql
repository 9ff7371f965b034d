-- Rows of the provider's own house carry the nil UUID as their tenant; it can never be bound.
create schema tenancy;
grant usage on schema tenancy to garrison_app, garrison_provider;

create table tenancy.audit_chain (
    tenant_id  uuid    primary key,
    entries    bigint  not null check (entries >= 0),
    hash       bytea   not null check (octet_length(hash) = 32),
    -- number of entries and last hash under the vault's key, which is not in the database
    seal       bytea   not null
);
call garrison.isolate('tenancy.audit_chain');
-- Work of the provider that needs no rows of tenants runs as the application with no tenant bound, and is recorded too.
create policy provider_house on tenancy.audit_chain to garrison_app
    using (tenant_id = '00000000-0000-0000-0000-000000000000' and (select garrison.current_tenant()) is null)
    with check (tenant_id = '00000000-0000-0000-0000-000000000000' and (select garrison.current_tenant()) is null);
grant select, insert, update on tenancy.audit_chain to garrison_app, garrison_provider;

create table tenancy.audit_entry (
    tenant_id    uuid         not null,
    index        bigint       not null check (index > 0),
    at           timestamptz  not null,
    actor_kind   text         not null,
    actor_id     text         not null,
    actor_name   text         not null,
    origin       text,
    on_behalf    text,
    action       text         not null,
    object_type  text         not null,
    object_id    text         not null,
    details      text         not null,
    hash         bytea        not null check (octet_length(hash) = 32),
    primary key (tenant_id, index)
);
call garrison.isolate('tenancy.audit_entry');
create policy provider_house on tenancy.audit_entry for insert to garrison_app
    with check (tenant_id = '00000000-0000-0000-0000-000000000000' and (select garrison.current_tenant()) is null);
-- Append only: nobody who runs the application may change or delete an entry.
grant select, insert on tenancy.audit_entry to garrison_app, garrison_provider;
