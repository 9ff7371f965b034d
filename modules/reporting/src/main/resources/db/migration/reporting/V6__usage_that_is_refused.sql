-- When and why the MSSP's installation last refused a batch for good, so that those behind it go on.
alter table reporting.usage_outbox add column refused_at timestamptz, add column refusal text;
