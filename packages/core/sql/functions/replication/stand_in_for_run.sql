-- For a row that comes before the run that it belongs to: makes whoever brings that run at this moment wait for this transaction, or waits for
-- him. Without it neither would see the other's row: a child would outlive its run's wipe, a run its deletion. True: the run is not here, and
-- whoever brings it from now on sees what this transaction wrote. False: it is here now; look again.
-- The lock is the run's place in the primary key: a row is put there and taken away. Called by guards only: their plan settings hold here too.
create or replace function workflow.stand_in_for_run(p_run_id uuid, p_residency text)
  returns boolean
  language plpgsql
  set search_path = ''
as $$
declare
  v_place text := p_run_id || '/' || p_residency;
  v_rows  int;
begin
  if current_setting('workflow.stood_in_for', true) = v_place then  -- by this transaction: a copy brings the rows of a run one after the other
    return true;
  end if;
  insert into workflow.workflow_runs
    (run_id, residency, home_epoch, written_tick, tenant_id, placement_group, workflow, definition_id, status, remaining_leaves, total_steps,
     input, created_at, finished_at)
  values (p_run_id, p_residency, 9223372036854775807, 0, '', '', '', p_run_id, 'cancelled', 0, 0, 'null', '-infinity', '-infinity')
  on conflict do nothing;
  get diagnostics v_rows = row_count;
  if v_rows = 0 then
    return false;
  end if;
  delete from workflow.workflow_runs r where r.run_id = p_run_id and r.residency = p_residency;
  perform set_config('workflow.stood_in_for', v_place, true);
  return true;
end $$;
