-- How virtual services are served where the traffic mode is MIXED: by their type, and those that are named by themselves.
alter table instances.stack_ha
    add column mixed json not null default '{"http": "ACTIVE_ACTIVE", "tcp": "ACTIVE_PASSIVE", "services": []}';
