-- Roles and database of Garrison, once, by an administrator of the server:
--   psql --host HOST --username ADMINISTRATOR --dbname postgres --file provision.sql
-- Then give each role its password, which goes into the Secret and nowhere else:
--   \password garrison_owner    \password garrison_app    \password garrison_provider

-- Owns the schemas; used by migrations only.
create role garrison_owner login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
-- Sees the rows of one tenant at a time.
create role garrison_app login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
-- Works across tenants; used by few services, which are audited.
create role garrison_provider login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;

create database garrison owner garrison_owner encoding 'UTF8' template template0;
revoke all on database garrison from public;
grant connect on database garrison to garrison_app, garrison_provider;
