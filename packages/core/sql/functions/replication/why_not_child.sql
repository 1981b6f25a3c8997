-- Why a step, task or attempt of this tenure may not be stored: 'stale' (its run is of a higher one), 'deleted', 'lost_run'; null: it may.
-- Holds the run's row, or its place, to the end of the transaction: until then nobody replaces the run or brings it. Called by guards only: their plan settings hold here too.
create or replace function workflow.why_not_child(p_run_id uuid, p_residency text, p_home_epoch bigint)
  returns text
  language plpgsql
  set search_path = ''
as $$
declare
  v_epoch bigint;
begin
  loop
    select r.home_epoch into v_epoch from workflow.workflow_runs r where r.run_id = p_run_id and r.residency = p_residency for key share;
    if found then
      return case when v_epoch > p_home_epoch then 'stale' end;
    end if;
    exit when workflow.stand_in_for_run(p_run_id, p_residency);
  end loop;
  if exists (select from workflow.run_deletions d where d.run_id = p_run_id and d.residency = p_residency) then
    return 'deleted';
  end if;
  if exists (select from workflow.lost_runs l where l.run_id = p_run_id and l.residency = p_residency and l.home_epoch >= p_home_epoch) then
    return 'lost_run';
  end if;
  return null;
end $$;
