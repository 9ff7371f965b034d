-- What the instance says of its lease, and the lease that was given to it as a file.
alter table instances.instance
    add column license_state       text,
    add column lease_id            uuid,
    add column lease_until         timestamptz,
    add column offline_lease_until timestamptz;

-- The newest certificate proves how late it once was.
grant select on instances.instance_certificate to garrison_provider;
create index instance_certificate_issued on instances.instance_certificate (issued_at);
