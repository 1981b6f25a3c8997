-- Keeps a row that guarded apply dropped (incoming) or replaced (stored), whole; null where it is not known. kind: replication_conflicts.kind.
create or replace function workflow.keep_conflict(p_table text, p_kind text, p_incoming jsonb, p_stored jsonb)
  returns void
  language sql
  set search_path = ''
as $$
  insert into workflow.replication_conflicts (sender, table_name, kind, run_id, incoming_epoch, stored_epoch, incoming, stored)
  values (workflow.replication_sender(), p_table, p_kind, (coalesce(p_incoming, p_stored) ->> 'run_id')::uuid,
          (p_incoming ->> 'home_epoch')::bigint, (p_stored ->> 'home_epoch')::bigint, p_incoming, p_stored)
$$;
