-- A tenant that is deleted takes everything with it, signed revisions included.
grant delete on instances.stack, instances.instance, instances.flush_target to garrison_app;
