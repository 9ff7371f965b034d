-- How busy the machine of an instance was before its last heartbeat; null if its agent does not say.
alter table instances.heartbeat add column machine json;
