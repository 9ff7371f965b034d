-- Holes in the walls between tenants, as the catalogue shows them. No row is a good answer.
with house as (
    select oid, nspname from pg_namespace
    where nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg\_%'),
t as (
    select c.oid, n.nspname || '.' || c.relname as name, c.relrowsecurity, c.relforcerowsecurity, c.relowner, a.attnum
    from pg_class c join house n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relkind in ('r', 'p')),
role as (select oid, rolname, rolsuper, rolbypassrls from pg_roles where rolname in ('garrison_app', 'garrison_provider'))
-- row-level security is not enabled
select 'L1' as rule, name as object from t where not relrowsecurity
-- row-level security is not forced upon the owner
union all select 'L2', name from t where not relforcerowsecurity
-- row-level security without a policy for the application
union all select 'L3', name from t where not exists (
    select from pg_policy p where p.polrelid = t.oid
    and (select oid from role where rolname = 'garrison_app') = any (p.polroles))
-- a unique index that tells of other tenants' rows
union all select 'L4', n.nspname || '.' || x.relname from t join pg_index i on i.indrelid = t.oid
    join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = x.relnamespace
    where i.indisunique and i.indkey[0] <> t.attnum
    and not exists (select from pg_attribute a
        where a.attrelid = t.oid and a.attnum = i.indkey[0] and a.atttypid = 'uuid'::regtype)
-- a foreign key that tells of other tenants' rows
union all select 'L5', t.name || '.' || k.conname from pg_constraint k join t on t.oid = k.conrelid
    where k.contype = 'f' and not (t.attnum = any (k.conkey))
-- a view that reads with its owner's rights
union all select 'L6', n.nspname || '.' || c.relname from pg_class c join house n on n.oid = c.relnamespace
    where c.relkind = 'v' and not coalesce(c.reloptions::text like '%security_invoker=true%', false)
-- a materialized view, which knows no policy, that the application can read
union all select 'L7', n.nspname || '.' || c.relname from pg_class c join house n on n.oid = c.relnamespace
    where c.relkind = 'm' and exists (select from role where has_table_privilege(role.oid, c.oid, 'select'))
-- a function with its owner's rights that the application can execute
union all select 'L8', n.nspname || '.' || p.proname from pg_proc p join house n on n.oid = p.pronamespace
    where p.prosecdef and exists (select from role where has_function_privilege(role.oid, p.oid, 'execute'))
-- a privilege that passes the policies by
union all select distinct 'L9', name from t, role
    where has_table_privilege(role.oid, t.oid, 'truncate')
       or has_table_privilege(role.oid, t.oid, 'references')
       or has_table_privilege(role.oid, t.oid, 'trigger')
-- a role that owns tables or passes every policy by
union all select 'L10', t.name from t join role on role.oid = t.relowner
union all select 'L10', rolname from role where rolsuper or rolbypassrls
-- a policy that calls a volatile function, once per row
union all select 'L11', t.name from t join pg_policy p on p.polrelid = t.oid
    where exists (select from pg_depend d join pg_proc f on f.oid = d.refobjid
        where d.classid = 'pg_policy'::regclass and d.objid = p.oid
        and d.refclassid = 'pg_proc'::regclass and f.provolatile = 'v')
-- a permissive policy for the application that does not ask for the bound tenant
union all select 'L12', t.name from t join pg_policy p on p.polrelid = t.oid
    where p.polpermissive
    and ((select oid from role where rolname = 'garrison_app') = any (p.polroles) or 0 = any (p.polroles))
    and (coalesce(pg_get_expr(p.polqual, p.polrelid), 'current_tenant') not like '%current_tenant%'
      or coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'current_tenant') not like '%current_tenant%')
order by 1, 2
