-- Queued tasks, by workflow and step, that no live worker has a handler for: an alarm. Looks at up to 10,000 waiting messages a queue.
create or replace function workflow.find_stuck_steps()
  returns table (workflow text, step_slug text, queue text, tasks bigint)
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
#variable_conflict use_column
declare
  v_now   timestamptz := workflow.clock();
  v_queue record;
begin
  for v_queue in select q.name, workflow.pgmq_name(q.name, p) as pgmq from workflow.queues q, generate_series(0, 2) p loop
    return query execute format(
      'with waiting as (
         select r.workflow, m.step_slug, count(*) as tasks
           from (select (w.message ->> ''run_id'')::uuid as run_id, w.message ->> ''step_slug'' as step_slug
                   from pgmq.%I w limit 10000) m
           join workflow.workflow_runs r on r.run_id = m.run_id
          group by r.workflow, m.step_slug)
       select w.workflow, w.step_slug, $1, w.tasks
         from waiting w
        where not exists (select from workflow.workflow_workers k
                           where k.app = ''executor'' and $1 = any (k.queues) and k.deprecated_at is null
                             and not workflow.worker_is_gone(k, $2)
                             and jsonb_build_array(w.workflow, w.step_slug) in (select jsonb_array_elements(k.runnable_steps)))', 'q_' || v_queue.pgmq)
      using v_queue.name, v_now;
  end loop;
end $$;
