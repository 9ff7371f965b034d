-- What somebody should hear of: once per occasion, however often and by however many replicas it is noticed. The occasion
-- is the file of the sub-licence (its serial), the kind, and the subject where there may be several.
create table licensing.notice (
    tenant_id                 uuid        not null,
    id                        uuid        not null unique,
    sub_license_id            uuid        not null,
    serial                    bigint      not null,
    kind                      text        not null,
    subject                   text        not null default '',
    instance_id               uuid,
    at                        timestamptz not null,
    message                   text        not null,
    acknowledged_at           timestamptz,
    acknowledged_by           text,
    provider_acknowledged_at  timestamptz,
    provider_acknowledged_by  text,
    primary key (tenant_id, id),
    unique (tenant_id, sub_license_id, serial, kind, subject)
);
create index notice_newest on licensing.notice (at desc, id desc);
call garrison.isolate('licensing.notice');
grant select, update (acknowledged_at, acknowledged_by), delete on licensing.notice to garrison_app;
grant select, insert, update (provider_acknowledged_at, provider_acknowledged_by) on licensing.notice to garrison_provider;

-- Of the installation itself: its clock.
create table licensing.installation_notice (
    id                        uuid        primary key,
    kind                      text        not null,
    subject                   text        not null,
    at                        timestamptz not null,
    message                   text        not null,
    provider_acknowledged_at  timestamptz,
    provider_acknowledged_by  text,
    unique (kind, subject)
);
grant select, insert on licensing.installation_notice to garrison_app;
grant select, insert, update (provider_acknowledged_at, provider_acknowledged_by)
    on licensing.installation_notice to garrison_provider;
