-- Until when registers of an instance are taken that was taken out of its stack, and nothing else of it; null for no more.
alter table instances.instance add column registers_until timestamptz;
