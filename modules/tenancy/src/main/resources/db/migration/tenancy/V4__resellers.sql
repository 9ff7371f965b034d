-- Providers below the provider, to whom a part of its tenants belongs. Where a tenant is bound, only the state of one that
-- is named can be asked for, never who it is.
create table tenancy.reseller (
    id             uuid         primary key,
    slug           text         not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name           text         not null,
    contact_email  text         not null,
    state          text         not null check (state in ('ACTIVE', 'SUSPENDED')),
    created_at     timestamptz  not null,
    version        bigint       not null default 1
);
grant select (id, state) on tenancy.reseller to garrison_app;
grant select, insert, update, delete on tenancy.reseller to garrison_provider;

-- A tenant without one is the provider's own.
alter table tenancy.tenant add column reseller_id uuid references tenancy.reseller;
create index tenant_of_reseller on tenancy.tenant (reseller_id) where reseller_id is not null;
