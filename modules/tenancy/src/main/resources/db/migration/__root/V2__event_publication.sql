-- Spring Modulith's event publication registry. Holds events of all tenants; the application role reads it only
-- through the registry.
create table event_publication (
    id                      uuid                     primary key,
    listener_id             text                     not null,
    event_type              text                     not null,
    serialized_event        text                     not null,
    publication_date        timestamp with time zone not null,
    completion_date         timestamp with time zone,
    status                  text,
    completion_attempts     int,
    last_resubmission_date  timestamp with time zone
);
grant select, insert, update, delete on event_publication to garrison_app, garrison_provider;
