-- What this database is, and the settings that its SQL functions obey. Local: never replicated.

create table workflow.installation (
  singleton      boolean     primary key default true,
  member_id      uuid        not null default gen_random_uuid(),
  installed_at   timestamptz not null default clock_timestamp(),
  constraint one_row_only check (singleton)
);
comment on column workflow.installation.member_id is
  'Names this database among its peers: it is in the key of what every region writes (multi-region design, D2).';

insert into workflow.installation default values;

-- Bounds that SQL enforces, whoever calls. Changed by workflow.set_limit only.
create table workflow.limits (
  name         text   primary key,
  value        bigint not null,
  unit         text   not null,
  description  text   not null,
  constraint a_bound_is_positive check (value > 0)
);

insert into workflow.limits (name, value, unit, description) values
  ('map_elements_max',         10000, 'elements', 'elements that one map step may have'),
  ('steps_max',                 1000, 'steps',    'steps that one workflow may have'),
  ('batch_max',                 1000, 'elements', 'elements of one call of a set-based function'),
  ('task_output_bytes_max',  1048576, 'bytes',    'output of one task'),
  ('gathered_bytes_max',    16777216, 'bytes',    'gathered output of a map step, and output of a run'),
  ('error_bytes_max',           8192, 'bytes',    'text of one error'),
  ('tenant_id_chars_max',        128, 'characters', 'tenant id'),
  ('idempotency_key_chars_max',  255, 'characters', 'idempotency key'),
  ('labels_max',                  32, 'labels',   'labels of one run'),
  ('label_chars_max',            255, 'characters', 'name or value of one label'),
  ('failover_events_max',     100000, 'events',   'newest failover events that are kept, beside all changes of leaders'),
  ('release_delay_ms_max',     60000, 'ms',       'longest wait after a release because no handler was there');
