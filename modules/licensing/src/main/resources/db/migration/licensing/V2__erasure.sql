-- A tenant that is deleted gives its shares back and takes its sub-licences with it.
grant delete on licensing.sub_license to garrison_app;
