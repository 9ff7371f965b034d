-- How management on the machine of its one edge keeps its configuration the same as that of a peer.
create table instances.configuration_sync (
    tenant_id       uuid        primary key,
    enabled         boolean     not null,
    accept_remote   boolean     not null,
    peer_host       text        not null,
    peer_port       int         not null check (peer_port between 1 and 65535),
    listen_port     int         not null check (listen_port between 1 and 65535),
    sealed_key      bytea,
    timeout_seconds int         not null check (timeout_seconds between 1 and 60),
    certificates    boolean     not null,
    version         bigint      not null,
    changed_at      timestamptz not null,
    changed_by      text        not null
);
call garrison.isolate('instances.configuration_sync');
grant select, insert, update, delete on instances.configuration_sync to garrison_app;

-- What is remembered of each stack: by name, because at the peer it has another id, or is not there.
create table instances.configuration_sync_stack (
    tenant_id  uuid not null,
    stack_name text not null check (length(stack_name) between 1 and 63),
    memory     json not null,
    primary key (tenant_id, stack_name)
);
call garrison.isolate('instances.configuration_sync_stack');
grant select, insert, update, delete on instances.configuration_sync_stack to garrison_app;
