// What ended before: finished runs of several workflows and a hundred tenants, set-based, as the functions would have left them.
// Older than the span that the horizon leaves alone, so that it can pass them.

export const historySql = (runs: number): string => `
insert into workflow.workflow_runs (run_id, home_epoch, written_tick, tenant_id, placement_group, workflow, definition_id, status, remaining_leaves,
    total_steps, input, output, labels, idempotency_key, request_hash, created_at, started_at, finished_at)
  select workflow.run_id_floor(x.at), 1, 0, 'tenant-' || x.i % 100, 'global/1', v.slug, v.definition_id, 'completed', 0, v.total_steps, '{}', '{}',
         case when x.i % 50 = 0 then jsonb_build_object('customer', (x.i / 50 % 300)::text) else '{}' end,
         case when x.i % 2 = 0 then 'old-' || x.i end, case when x.i % 2 = 0 then '\\x00'::bytea end, x.at, x.at, x.at
    from (select i, now() - interval '2 hours' - make_interval(secs => ${runs} - i) as at from generate_series(1, ${runs}) i) x
    join lateral (select v.* from workflow.workflow_versions v where v.slug = (array['chain', 'fan', 'single', 'leaves'])[x.i % 4 + 1] and v.active) v on true;
insert into workflow.step_states (run_id, step_slug, home_epoch, written_tick, status, remaining_deps, initial_tasks, remaining_tasks,
    created_at, started_at, finished_at)
  select r.run_id, s.step_slug, 1, 0, 'completed', 0, case s.kind when 'map' then 4 else 1 end, 0, r.created_at, r.created_at, r.created_at
    from workflow.workflow_runs r join workflow.workflow_steps s on s.definition_id = r.definition_id where r.finished_at is not null;
insert into workflow.step_tasks (run_id, step_slug, task_index, home_epoch, written_tick, status, attempt, available_at, worker_id, output,
    created_at, started_at, finished_at)
  select s.run_id, s.step_slug, i, 1, 0, 'completed', 1, s.created_at, gen_random_uuid(), '1', s.created_at, s.created_at, s.created_at
    from workflow.step_states s, generate_series(0, s.initial_tasks - 1) i where s.finished_at is not null;
insert into workflow.step_attempts (run_id, step_slug, task_index, attempt, home_epoch, written_tick, reported, error, failed_at)
  select t.run_id, t.step_slug, t.task_index, 1, 1, 0, true, '{"code": "handler_failed"}', t.created_at
    from workflow.step_tasks t where t.finished_at is not null and t.task_index = 0 and t.step_slug in ('a', 'only');
insert into workflow.run_timers (run_id, kind, due_at)
  select r.run_id, 'deadline', now() + interval '1 day' from workflow.workflow_runs r where r.finished_at is not null and r.idempotency_key is not null;
insert into workflow.run_deletions (run_id, home_epoch, written_tick, deleted_at)
  select gen_random_uuid(), 1, 0, now() from generate_series(1, ${runs} / 2);
`;

/** Nothing analyses by itself: whether there are statistics is the test's choice. */
export const NO_AUTOVACUUM = `
do $$
declare
  v_table text;
begin
  for v_table in select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'workflow' or schemaname = 'pgmq' and tablename like 'q\\_%' loop
    execute format('alter table %s set (autovacuum_enabled = false)', v_table);
  end loop;
end $$`;
