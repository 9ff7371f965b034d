-- To which configuration that moves to this installation is sealed. It belongs to no tenant.
create table instances.move_key (
    id          int         primary key check (id = 1),
    public_key  bytea       not null,
    sealed_key  bytea       not null,
    created_at  timestamptz not null
);
grant select, insert on instances.move_key to garrison_app;
