create schema instances;
grant usage on schema instances to garrison_app, garrison_provider;

-- A deleted stack keeps its row, and so do its instances: bills name them for years.
create table instances.stack (
    tenant_id       uuid        not null,
    id              uuid        not null,
    name            text        not null check (length(name) between 1 and 63),
    sub_license_id  uuid        not null,
    traffic_mode    text        not null,
    incarnation     uuid        not null,
    latest_revision bigint      not null default 0,
    latest_sha256   text,
    version         bigint      not null default 1,
    created_at      timestamptz not null,
    deleted_at      timestamptz,
    primary key (tenant_id, id)
);
create unique index stack_name on instances.stack (tenant_id, name) where deleted_at is null;
create index stack_sub_license on instances.stack (tenant_id, sub_license_id) where deleted_at is null;
call garrison.isolate('instances.stack');
grant select, insert, update on instances.stack to garrison_app;
grant select on instances.stack to garrison_provider;

create table instances.policy_draft (
    tenant_id  uuid        not null,
    stack_id   uuid        not null,
    document   json        not null,
    version    bigint      not null default 1,
    changed_at timestamptz not null,
    changed_by text        not null,
    primary key (tenant_id, stack_id),
    foreign key (tenant_id, stack_id) references instances.stack
);
call garrison.isolate('instances.policy_draft');
grant select, insert, update, delete on instances.policy_draft to garrison_app;

-- No grant to update: what was signed stays.
create table instances.revision (
    tenant_id        uuid        not null,
    stack_id         uuid        not null,
    number           bigint      not null check (number > 0),
    sha256           text        not null,
    comment          text        not null check (length(comment) <= 1000),
    published_at     timestamptz not null,
    published_by     text        not null,
    rollback_of      bigint,
    virtual_services int         not null,
    document         json        not null,
    certificates     jsonb       not null,
    key_id           text        not null,
    payload          text        not null,
    signature        text        not null,
    primary key (tenant_id, stack_id, number),
    foreign key (tenant_id, stack_id) references instances.stack
);
call garrison.isolate('instances.revision');
grant select, insert, delete on instances.revision to garrison_app;

create table instances.certificate (
    tenant_id      uuid        not null,
    stack_id       uuid        not null,
    name           text        not null check (length(name) between 1 and 63),
    content_sha256 text        not null,
    subject        text        not null,
    issuer         text        not null,
    hosts          jsonb       not null,
    key_type       text        not null,
    leaf_sha256    text        not null,
    not_before     timestamptz not null,
    not_after      timestamptz not null,
    chain_length   int         not null,
    changed_at     timestamptz not null,
    version        bigint      not null default 1,
    primary key (tenant_id, stack_id, name),
    foreign key (tenant_id, stack_id) references instances.stack
);
call garrison.isolate('instances.certificate');
grant select, insert, update, delete on instances.certificate to garrison_app;

-- By content: the newest revision may still name what a certificate was before it was replaced.
create table instances.certificate_content (
    tenant_id uuid  not null,
    stack_id  uuid  not null,
    sha256    text  not null,
    sealed    bytea not null,
    primary key (tenant_id, stack_id, sha256),
    foreign key (tenant_id, stack_id) references instances.stack
);
call garrison.isolate('instances.certificate_content');
grant select, insert, delete on instances.certificate_content to garrison_app;

create table instances.enrollment_token (
    tenant_id   uuid        not null,
    id          uuid        not null,
    stack_id    uuid        not null,
    secret_hash bytea       not null,
    uses        int         not null check (uses > 0),
    used        int         not null default 0 check (used between 0 and uses),
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    revoked_at  timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, stack_id) references instances.stack
);
create index enrollment_token_stack on instances.enrollment_token (tenant_id, stack_id);
call garrison.isolate('instances.enrollment_token');
grant select, insert, update, delete on instances.enrollment_token to garrison_app;

create table instances.instance (
    tenant_id           uuid        not null,
    id                  uuid        not null,
    stack_id            uuid        not null,
    name                text        not null check (length(name) between 1 and 63),
    lifecycle           text        not null,
    lifecycle_since     timestamptz not null,
    drain               boolean     not null default false,
    facts               json        not null,
    enrolled_at         timestamptz not null,
    certificate_until   timestamptz not null,
    seat_until          timestamptz,
    seat_renewed_at     timestamptz,
    last_seen           timestamptz,
    boot_id             uuid,
    report_sequence     bigint,
    applied_revision    bigint      not null default 0,
    applied_incarnation uuid,
    applied_sha256      text,
    sync_state          text,
    error_revision      bigint,
    error_code          text,
    error_message       text,
    data_plane_running  boolean,
    degraded            boolean     not null default false,
    ha_role             text        not null default 'ACTIVE',
    agent_version       text,
    data_plane_version  text,
    virtual_services    json,
    spool               json,
    primary key (tenant_id, id),
    foreign key (tenant_id, stack_id) references instances.stack
) with (fillfactor = 70);
create index instance_stack on instances.instance (tenant_id, stack_id);
create unique index instance_name on instances.instance (tenant_id, stack_id, name) where lifecycle <> 'RETIRED';
call garrison.isolate('instances.instance');
grant select, insert, update on instances.instance to garrison_app;
grant select, update (lifecycle, lifecycle_since) on instances.instance to garrison_provider;

create table instances.instance_certificate (
    tenant_id   uuid        not null,
    serial      text        not null,
    instance_id uuid        not null,
    issued_at   timestamptz not null,
    not_after   timestamptz not null,
    revoked_at  timestamptz,
    primary key (tenant_id, serial),
    foreign key (tenant_id, instance_id) references instances.instance
);
create index instance_certificate_instance on instances.instance_certificate (tenant_id, instance_id);
call garrison.isolate('instances.instance_certificate');
grant select, insert, update, delete on instances.instance_certificate to garrison_app;

-- Requests for registers span tenants; each instance sees its own.
create table instances.flush (
    id           uuid        primary key,
    requested_at timestamptz not null
);
grant select, insert, delete on instances.flush to garrison_provider;

create table instances.flush_target (
    tenant_id    uuid        not null,
    flush_id     uuid        not null,
    instance_id  uuid        not null,
    stack_id     uuid        not null,
    requested_at timestamptz not null,
    answered_at  timestamptz,
    registers    json,
    primary key (tenant_id, flush_id, instance_id),
    foreign key (tenant_id, instance_id) references instances.instance
);
create index flush_target_open on instances.flush_target (tenant_id, instance_id) where answered_at is null;
create index flush_target_flush on instances.flush_target (flush_id);
call garrison.isolate('instances.flush_target');
grant select, update on instances.flush_target to garrison_app;
grant select, insert, delete on instances.flush_target to garrison_provider;

-- The installation's own keys, sealed. They belong to no tenant.
create table instances.authority (
    id          int         primary key check (id = 1),
    certificate bytea       not null,
    sealed_key  bytea       not null,
    created_at  timestamptz not null
);
grant select, insert on instances.authority to garrison_app;

create table instances.policy_key (
    key_id     text        primary key,
    public_key bytea       not null,
    sealed_key bytea       not null,
    created_at timestamptz not null
);
grant select, insert on instances.policy_key to garrison_app;
