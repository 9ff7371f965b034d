-- The passwords of the roles that the chart's provision.sql makes, from files, so that no log and no list of processes has them.
\set owner `cat /secrets/database/owner`
\set app `cat /secrets/database/app`
\set provider `cat /secrets/database/provider`
alter role garrison_owner password :'owner';
alter role garrison_app password :'app';
alter role garrison_provider password :'provider';
