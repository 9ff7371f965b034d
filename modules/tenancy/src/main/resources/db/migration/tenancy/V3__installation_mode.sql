-- The deployment mode that these data belong to. Data that are older than this table were all made in mode cluster.
create table tenancy.installation_mode (
    one   boolean  primary key default true check (one),
    mode  text     not null check (mode in ('STANDALONE', 'CENTRALIZED', 'CLUSTER', 'PRIVATE_CLOUD'))
);
grant select, insert, update (mode) on tenancy.installation_mode to garrison_provider;
insert into tenancy.installation_mode (mode)
    select 'CLUSTER' where exists (select from tenancy.tenant) or exists (select from tenancy.member);
