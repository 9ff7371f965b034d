-- The tenant of the running transaction, or null when none is bound. Every row-level security policy uses this as
-- (select garrison.current_tenant()), so that it is evaluated once per statement.
create schema if not exists garrison;
create function garrison.current_tenant() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('garrison.tenant_id', true), '')::uuid;
grant usage on schema garrison to garrison_app, garrison_provider;

-- Gives a table with a tenant_id column its wall: the application's role sees the bound tenant's rows, the provider's
-- role sees all rows (what it may do with them is a matter of grants), the owner sees all for migrations.
create procedure garrison.isolate(target regclass)
    language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy tenant on %s to garrison_app
        using (tenant_id = (select garrison.current_tenant()))
        with check (tenant_id = (select garrison.current_tenant()))', target);
    execute format('create policy provider on %s to garrison_provider using (true) with check (true)', target);
    execute format('create policy migration on %s to garrison_owner using (true) with check (true)', target);
end $$;
