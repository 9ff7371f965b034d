create schema platform;
grant usage on schema platform to garrison_app;

-- Answers to requests that carried an Idempotency-Key, for 24 hours. The principal is part of the key, so nobody can be
-- given another's answer; the answer itself is sealed, because it may hold a secret that is told once.
create table platform.idempotent_request (
    principal     uuid         not null,
    key           text         not null,
    request_hash  bytea        not null,
    started_at    timestamptz  not null,
    status        integer,
    answer        bytea,
    primary key (principal, key)
);
create index on platform.idempotent_request (started_at);
grant select, insert, update, delete on platform.idempotent_request to garrison_app;
