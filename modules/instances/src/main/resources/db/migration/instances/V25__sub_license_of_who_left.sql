-- What an instance that was taken out of its stack had run on: late registers of its are billed to it, though the stack was
-- deleted, and came back with another sub-licence.
alter table instances.instance add column left_sub_license_id uuid;
