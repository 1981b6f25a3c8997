-- A living worker's claims from before p_before, held against what it says it has in flight: [{run_id, step_slug, task_index, attempt}].
-- Nothing left: the claim goes. Something that the worker does not know of: the answer to the claim was lost; those tasks are set apart as a
-- claim that is lost, for the scheduler to take back.
create or replace function workflow.mark_lost_claims(p_worker uuid, p_in_flight jsonb, p_before timestamptz, p_now timestamptz)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_claims bigint[] := array(select c.claim_id from workflow.claims c
                              where c.worker_id = p_worker and c.claimed_at < p_before and not c.lost);
begin
  if cardinality(v_claims) = 0 then
    return;
  end if;
  with holding as materialized (
    select h.run_id, h.step_slug, h.task_index, h.attempt
      from jsonb_to_recordset(p_in_flight) h(run_id uuid, step_slug text, task_index int, attempt int)
  ), task as materialized (
    select f.claim_id, row(f.run_id, f.step_slug, f.task_index, f.attempt, f.available_at)::workflow.claimed_task as ref,
           (f.run_id, f.step_slug, f.task_index, f.attempt) in (select h.run_id, h.step_slug, h.task_index, h.attempt from holding h) as known
      from workflow.tasks_in_flight(v_claims) f
  ), lost as (
    insert into workflow.claims (worker_id, claimed_at, overdue_at, lost, tasks)
    select p_worker, p_now, p_now, true, array_agg(t.ref) from task t where not t.known having count(*) > 0
  ), kept as (
    update workflow.claims c
       set tasks = k.tasks
      from (select t.claim_id, array_agg(t.ref) filter (where t.known) as tasks from task t group by t.claim_id having not bool_and(t.known)) k
     where c.claim_id = k.claim_id and k.tasks is not null
  )
  delete from workflow.claims c
   where c.claim_id = any (v_claims) and c.claim_id not in (select t.claim_id from task t where t.known);
end $$;
