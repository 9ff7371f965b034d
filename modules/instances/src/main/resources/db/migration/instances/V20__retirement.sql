-- After how long a LOST instance leaves the stack by itself; 0 for never.
alter table instances.stack
    add column retire_lost_after_hours int not null default 0 check (retire_lost_after_hours between 0 and 8760);
