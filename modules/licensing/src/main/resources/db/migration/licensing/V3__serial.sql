-- How often the sub-licence has been signed: each signing under the same id replaces the file before it.
alter table licensing.sub_license add column serial bigint not null default 1 check (serial > 0);
