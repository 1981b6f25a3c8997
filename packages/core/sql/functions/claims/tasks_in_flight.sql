-- The tasks that are started now, by the claim that they belong to. A claim lists what it took; what has been reported since is left out.
-- p_claims: these claims only.
create or replace function workflow.tasks_in_flight(p_claims bigint[] default null)
  returns table (claim_id bigint, worker_id uuid, run_id uuid, step_slug text, task_index int, attempt int, available_at timestamptz,
                 started_at timestamptz)
  language plpgsql stable security definer rows 100
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_claims bigint[] := coalesce(p_claims, array(select c.claim_id from workflow.claims c));
begin
  return query
    select c.claim_id, c.worker_id, t.run_id, t.step_slug, t.task_index, t.attempt, t.available_at, t.started_at
      from unnest(v_claims) a(claim_id)
      join workflow.claims c on c.claim_id = a.claim_id
     cross join unnest(c.tasks) k
     cross join lateral (select x.* from workflow.step_tasks x
                          where x.run_id = k.run_id and x.step_slug = k.step_slug and x.task_index = k.task_index and x.status = 'started'
                            and x.attempt = k.attempt and x.worker_id = c.worker_id limit 1) t;
end $$;
