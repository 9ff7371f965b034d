-- An address is the word of the house that invited it, so each house may have its own account under it. Accounts of one
-- address and one password become one when their owner signs in.
alter table tenancy.account drop constraint account_email_key;
create index account_email on tenancy.account (email);
revoke insert on tenancy.account from garrison_app;
revoke insert (id, email, created_at) on tenancy.account from garrison_app;
grant delete on tenancy.account to garrison_provider;

alter table tenancy.member
    add constraint member_email unique (tenant_id, email),
    add column reset_hash bytea,
    add column reset_expires_at timestamptz;
create index member_reset on tenancy.member (reset_hash);
