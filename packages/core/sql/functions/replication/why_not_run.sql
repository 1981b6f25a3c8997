-- Why a run that was just put here may not stay: 'deleted', 'lost_run' (it lost its key in this tenure or a later one), 'lost_key' (a deleted
-- run of a higher tenure had its key; winner says which); null: it may. Asked after the row was put, in a statement of its own: whoever deletes
-- the run or takes its key at this moment has waited for the row, or has committed what is looked for here. Called by guards only: their plan settings hold here too.
create or replace function workflow.why_not_run(p_run workflow.workflow_runs, out why text, out winner uuid)
  language plpgsql
  set search_path = ''
as $$
begin
  if exists (select from workflow.run_deletions d where d.run_id = p_run.run_id and d.residency = p_run.residency) then
    why := 'deleted';
    return;
  end if;
  select l.lost_to into winner from workflow.lost_runs l
   where l.run_id = p_run.run_id and l.residency = p_run.residency and l.home_epoch >= p_run.home_epoch;
  if found then
    why := 'lost_run';
    return;
  end if;
  if p_run.idempotency_key is null then
    return;
  end if;
  select d.run_id into winner from workflow.run_deletions d
   where d.tenant_id = p_run.tenant_id and d.workflow = p_run.workflow and d.idempotency_key = p_run.idempotency_key
     and d.run_epoch > p_run.home_epoch
   order by d.run_id limit 1;
  if found then
    why := 'lost_key';
  end if;
end $$;
