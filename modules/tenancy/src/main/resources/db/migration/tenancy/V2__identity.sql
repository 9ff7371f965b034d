create table tenancy.tenant (
    tenant_id      uuid         primary key,
    slug           text         not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name           text         not null,
    mode           text         not null check (mode in ('STANDALONE', 'CENTRALIZED', 'CLUSTER', 'PRIVATE_CLOUD')),
    contact_email  text         not null,
    time_zone      text         not null,
    state          text         not null check (state in ('ACTIVE', 'SUSPENDED', 'DELETING')),
    created_at     timestamptz  not null,
    version        bigint       not null default 1
);
call garrison.isolate('tenancy.tenant');
grant select, update on tenancy.tenant to garrison_app;
grant select, insert, update, delete on tenancy.tenant to garrison_provider;

-- People, across all houses. Where a tenant is bound, only the address can be seen, never what proves who it is.
create table tenancy.account (
    id               uuid         primary key,
    email            text         not null unique check (email = lower(email)),
    password_hash    text,
    failed_attempts  int          not null default 0,
    locked_until     timestamptz,
    created_at       timestamptz  not null
);
grant select (id, email), insert (id, email, created_at) on tenancy.account to garrison_app;
grant select, insert, update on tenancy.account to garrison_provider;

create table tenancy.member (
    tenant_id              uuid         not null,
    id                     uuid         not null,
    account_id             uuid         not null,
    email                  text         not null,
    role                   text         not null,
    invitation_hash        bytea,
    invitation_expires_at  timestamptz,
    accepted_at            timestamptz,
    created_at             timestamptz  not null,
    version                bigint       not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, account_id),
    check ((tenant_id = '00000000-0000-0000-0000-000000000000')
        = (role in ('PLATFORM_ADMIN', 'OPERATOR', 'BILLING_CLERK', 'AUDITOR'))),
    check (role in ('PLATFORM_ADMIN', 'OPERATOR', 'BILLING_CLERK', 'AUDITOR',
        'TENANT_ADMIN', 'TENANT_EDITOR', 'TENANT_VIEWER'))
);
create index on tenancy.member (account_id);
create index on tenancy.member (invitation_hash);
call garrison.isolate('tenancy.member');
grant select, insert, update, delete on tenancy.member to garrison_app, garrison_provider;

create table tenancy.api_key (
    tenant_id   uuid         not null,
    id          uuid         not null,
    name        text         not null,
    role        text         not null,
    key_hash    bytea        not null,
    expires_at  timestamptz  not null,
    created_at  timestamptz  not null,
    version     bigint       not null default 1,
    primary key (tenant_id, id),
    check ((tenant_id = '00000000-0000-0000-0000-000000000000')
        = (role in ('PLATFORM_ADMIN', 'OPERATOR', 'BILLING_CLERK', 'AUDITOR')))
);
create index on tenancy.api_key (key_hash);
call garrison.isolate('tenancy.api_key');
grant select (tenant_id, id, name, role, expires_at, created_at, version), insert, delete on tenancy.api_key
    to garrison_app;
grant select, insert, delete on tenancy.api_key to garrison_provider;

create table tenancy.act_as_session (
    tenant_id   uuid         not null,
    id          uuid         not null,
    account_id  uuid         not null,
    reason      text         not null,
    ticket      text         not null,
    started_at  timestamptz  not null,
    ends_at     timestamptz  not null,
    primary key (tenant_id, id)
);
call garrison.isolate('tenancy.act_as_session');
grant select, insert, delete on tenancy.act_as_session to garrison_app, garrison_provider;

-- Bearer tokens by their hash. Only the provider's role can look one up.
create table tenancy.access_token (
    token_hash  bytea        primary key,
    account_id  uuid         not null,
    act_as      uuid,
    expires_at  timestamptz  not null
);
create index on tenancy.access_token (expires_at);
create index on tenancy.access_token (account_id);
grant insert on tenancy.access_token to garrison_app;
grant select, insert, delete on tenancy.access_token to garrison_provider;

-- One-time tokens by which the very first administrator is made.
create table tenancy.setup_token (
    token_hash  bytea        primary key,
    expires_at  timestamptz  not null
);
grant select, insert, delete on tenancy.setup_token to garrison_provider;

create table tenancy.operation (
    tenant_id      uuid         not null,
    id             uuid         not null,
    kind           text         not null,
    state          text         not null check (state in ('RUNNING', 'SUCCEEDED', 'FAILED')),
    progress       int          not null check (progress between 0 and 100),
    started_at     timestamptz  not null,
    deadline       timestamptz  not null,
    error_code     text,
    error_message  text,
    result         text,
    primary key (tenant_id, id)
);
create index on tenancy.operation (id);
call garrison.isolate('tenancy.operation');
grant select, insert, update on tenancy.operation to garrison_app;
grant select, insert, update, delete on tenancy.operation to garrison_provider;

create table tenancy.deletion_certificate (
    id              uuid         primary key,
    deleted_tenant  uuid         not null,
    slug            text         not null,
    erased          text         not null,
    audit_entries   bigint       not null,
    audit_hash      bytea        not null,
    issued_at       timestamptz  not null,
    seal            bytea        not null
);
grant select, insert on tenancy.deletion_certificate to garrison_provider;
