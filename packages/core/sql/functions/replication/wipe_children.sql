-- Removes what a run has of tenures below p_below (null: everything). The run's row is held by the caller, so nobody adds to it meanwhile.
-- p_kind: keeps each removed row as a conflict of this kind; null: keeps none. Called by guards only: their plan settings hold here too.
create or replace function workflow.wipe_children(p_run_id uuid, p_residency text, p_below bigint, p_kind text)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_below bigint := coalesce(p_below, 9223372036854775807);
  v_row   record;
begin
  for v_row in
    delete from workflow.step_attempts a where a.run_id = p_run_id and a.residency = p_residency and a.home_epoch < v_below returning to_jsonb(a) as gone
  loop
    perform workflow.keep_conflict('step_attempts', p_kind, null, v_row.gone) where p_kind is not null;
  end loop;
  for v_row in
    delete from workflow.step_tasks t where t.run_id = p_run_id and t.residency = p_residency and t.home_epoch < v_below returning to_jsonb(t) as gone
  loop
    perform workflow.keep_conflict('step_tasks', p_kind, null, v_row.gone) where p_kind is not null;
  end loop;
  for v_row in
    delete from workflow.step_states s where s.run_id = p_run_id and s.residency = p_residency and s.home_epoch < v_below returning to_jsonb(s) as gone
  loop
    perform workflow.keep_conflict('step_states', p_kind, null, v_row.gone) where p_kind is not null;
  end loop;
end $$;
