-- Installations of customers' own that report to this one. A row is a machine's key, bound to a sub-licence: when it is
-- unbound the row stays, so that the key cannot come back by itself, and so that bills can say where usage came from.
create table instances.site (
    tenant_id       uuid        not null,
    id              uuid        not null,
    sub_license_id  uuid        not null,
    installation_id uuid        not null,
    key_sha256      text        not null,
    public_key      bytea       not null,
    mode            text        not null,
    version         text        not null,
    bound_at        timestamptz not null,
    unbound_at      timestamptz,
    last_seen       timestamptz,
    last_usage      timestamptz,
    serial          bigint      not null,
    report          json,
    primary key (tenant_id, id)
);
create unique index site_key on instances.site (tenant_id, sub_license_id, key_sha256);
create unique index site_installation on instances.site (tenant_id, sub_license_id, installation_id)
    where unbound_at is null;
call garrison.isolate('instances.site');
grant select, insert, update, delete on instances.site to garrison_app;
grant select on instances.site to garrison_provider;

create table instances.site_certificate (
    tenant_id  uuid        not null,
    serial     text        not null,
    site_id    uuid        not null,
    issued_at  timestamptz not null,
    not_after  timestamptz not null,
    primary key (tenant_id, serial),
    foreign key (tenant_id, site_id) references instances.site
);
create index site_certificate_site on instances.site_certificate (tenant_id, site_id);
call garrison.isolate('instances.site_certificate');
grant select, insert, delete on instances.site_certificate to garrison_app;

-- This installation's own key, by which the MSSP's installation knows it. Sealed; it belongs to no tenant.
create table instances.site_identity (
    id          int         primary key check (id = 1),
    public_key  bytea       not null,
    sealed_key  bytea       not null,
    created_at  timestamptz not null
);
grant select, insert, delete on instances.site_identity to garrison_app;

-- The certificate by which the MSSP's gateway knows it. Another gateway means another.
create table instances.site_link (
    id           int         primary key check (id = 1),
    gateway      text        not null,
    ca_sha256    text        not null,
    site_id      uuid        not null,
    chain        text        not null,
    enrolled_at  timestamptz not null
);
grant select, insert, update, delete on instances.site_link to garrison_app;
