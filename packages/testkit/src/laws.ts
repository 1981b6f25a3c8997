// The invariants of core/SPEC.md as queries over the tables: each finds the rows that break one. Written from the design, not from the
// functions, so that a function and its check cannot be wrong in the same way.
import type { Caller } from './database.js';

export interface BrokenLaw {
  law: string;
  row: Record<string, unknown>;
}

/**
 * The steps of open runs that are not over: they have not ended, or wait for one that has not. A step that a cascade skipped is over when all
 * that it depends on is.
 */
const OPEN_STEPS = `open_step as (
  with recursive open as (
    select s.run_id, r.definition_id, s.step_slug
      from workflow.step_states s join workflow.workflow_runs r using (run_id)
     where r.finished_at is null and s.status not in ('completed', 'skipped')
    union
    select o.run_id, o.definition_id, d.step_slug
      from open o join workflow.workflow_step_dependencies d on d.definition_id = o.definition_id and d.depends_on = o.step_slug
  ) select * from open
)`;

/** What must be empty at any moment between two transactions. The keys are the numbers of SPEC.md. */
const LAWS: Record<string, string> = {
  S1: `select r.run_id, r.remaining_leaves, count(o.*) as open
         from workflow.workflow_runs r
         left join open_step o on o.run_id = r.run_id and not exists (
                select from workflow.workflow_step_dependencies d where d.definition_id = o.definition_id and d.depends_on = o.step_slug)
        where r.finished_at is null and exists (select from workflow.step_states s where s.run_id = r.run_id)
        group by r.run_id, r.residency having r.remaining_leaves <> count(o.*)`,
  S2: `select s.run_id, s.step_slug, s.status, s.remaining_deps
         from workflow.step_states s join workflow.workflow_runs r using (run_id)
        where r.finished_at is null and s.status in ('created', 'skipped')
          and s.remaining_deps <> (select count(*) from workflow.workflow_step_dependencies d
                                     join open_step o on o.run_id = s.run_id and o.step_slug = d.depends_on
                                    where d.definition_id = r.definition_id and d.step_slug = s.step_slug)`,
  S3: `select s.run_id, s.step_slug, s.remaining_tasks, s.initial_tasks, k.open, k.tasks
         from workflow.step_states s
        cross join lateral (select count(*) filter (where t.status <> 'completed') as open, count(*) as tasks from workflow.step_tasks t
                             where t.run_id = s.run_id and t.step_slug = s.step_slug and t.task_index < s.initial_tasks) k
        where s.status = 'started' and (s.remaining_tasks <> k.open or s.initial_tasks <> k.tasks)`,
  S4: `select s.run_id, s.step_slug
         from workflow.step_states s
        where s.status = 'completed'
          and s.initial_tasks <> (select count(*) from workflow.step_tasks t
                                   where t.run_id = s.run_id and t.step_slug = s.step_slug and t.status = 'completed' and t.task_index < s.initial_tasks)`,
  S5: `select t.run_id, t.step_slug, t.task_index, t.status, s.status as step
         from workflow.step_tasks t join workflow.step_states s using (run_id, step_slug)
        where t.status in ('queued', 'started') and (s.status <> 'started' or t.task_index >= s.initial_tasks)`,
  S6: `select r.run_id, r.status, s.step_slug, s.status as step
         from workflow.workflow_runs r join workflow.step_states s using (run_id)
        where r.finished_at is not null and s.status in ('created', 'started')`,
  S7: `select s.run_id, s.step_slug
         from workflow.step_states s join workflow.workflow_runs r using (run_id)
         join workflow.workflow_step_dependencies d on d.definition_id = r.definition_id and d.step_slug = s.step_slug
         join workflow.step_states b on b.run_id = s.run_id and b.step_slug = d.depends_on
        where s.status in ('started', 'completed')
          and (b.status not in ('completed', 'skipped') or b.finished_at > s.started_at
               or exists (select from open_step o where o.run_id = b.run_id and o.step_slug = b.step_slug))`,
  S8: `select s.run_id, s.step_slug
         from workflow.step_states s
        where s.skip_reason = 'dependency_skipped'
          and not exists (select from workflow.step_states b where b.run_id = s.run_id and b.skip_reason = 'handler_failed')`,
  R1: `select r.run_id, r.output
         from workflow.workflow_runs r
        where r.status = 'completed' and exists (select from workflow.step_states x where x.run_id = r.run_id)
          and r.output is distinct from (
                select coalesce(jsonb_object_agg(s.step_slug, o.output), '{}')
                  from workflow.workflow_steps w
                  join workflow.step_states s on s.run_id = r.run_id and s.step_slug = w.step_slug and s.status = 'completed'
                 cross join lateral (select case w.kind when 'map' then coalesce(jsonb_agg(t.output order by t.task_index), '[]')
                                                        else (array_agg(t.output))[1] end as output
                                       from workflow.step_tasks t
                                      where t.run_id = r.run_id and t.step_slug = w.step_slug and t.status = 'completed') o
                 where w.definition_id = r.definition_id
                   and not exists (select from workflow.workflow_step_dependencies d where d.definition_id = w.definition_id and d.depends_on = w.step_slug))`,
  R2: `select r.run_id, r.status from workflow.workflow_runs r
        where r.status = 'scheduled'
          and (exists (select from workflow.step_states s where s.run_id = r.run_id)
               or not exists (select from workflow.run_timers t where t.run_id = r.run_id and t.kind = 'start' and t.due_at = r.run_at))`,
  R3: `select r.run_id, r.deadline from workflow.workflow_runs r
        where r.finished_at is null and r.deadline is not null
          and not exists (select from workflow.run_timers t where t.run_id = r.run_id and t.kind = 'deadline' and t.due_at = r.deadline)`,
  R4: `select r.run_id, h.oldest_open_run_id from workflow.workflow_runs r, workflow.run_horizon h
        where r.finished_at is null and r.run_id < h.oldest_open_run_id`,
  R5: `select c.status, c.runs from workflow.open_run_counts() c
        where c.runs <> (select count(*) from workflow.workflow_runs r where r.status = c.status)`,
  T1: `select t.run_id, t.step_slug, t.task_index, max(a.attempt) as failed, t.attempt
         from workflow.step_tasks t join workflow.step_attempts a using (run_id, step_slug, task_index)
        group by t.run_id, t.step_slug, t.task_index, t.residency having max(a.attempt) > t.attempt`,
  Q1: `select t.run_id, t.step_slug, t.task_index, count(m.*) as messages
         from workflow.step_tasks t join workflow.workflow_runs r using (run_id)
         left join testkit.messages() m on m.run_id = t.run_id and m.step_slug = t.step_slug and m.task_index = t.task_index
        where t.status = 'queued' and r.status = 'started'
        group by t.run_id, t.step_slug, t.task_index, t.residency having count(m.*) <> 1 or bool_or(m.vt <> t.available_at)`,
  Q2: `select t.run_id, t.step_slug, t.task_index, t.worker_id, json_agg(k.worker_id) as claimed_by
         from workflow.step_tasks t
         left join (select c.worker_id, x.* from workflow.claims c cross join unnest(c.tasks) x) k
                on k.run_id = t.run_id and k.step_slug = t.step_slug and k.task_index = t.task_index and k.attempt = t.attempt
        where t.status = 'started'
        group by t.run_id, t.step_slug, t.task_index, t.residency having count(k.worker_id) <> 1 or bool_or(k.worker_id <> t.worker_id)`,
  Q3: `select m.*, t.status, r.status as run
         from testkit.messages() m
         left join workflow.step_tasks t on t.run_id = m.run_id and t.step_slug = m.step_slug and t.task_index = m.task_index
         left join workflow.workflow_runs r on r.run_id = m.run_id
        where not coalesce(t.status = 'queued' and r.status = 'started', false)`,
  Q4: `select m.queue, s.queue as named, r.priority
         from testkit.messages() m join workflow.workflow_runs r using (run_id)
         join workflow.workflow_steps s on s.definition_id = r.definition_id and s.step_slug = m.step_slug
        where m.queue <> s.queue || '_p' || r.priority`,
  Q5: `select c.claim_id, c.worker_id, k.run_id, k.step_slug, k.task_index, k.attempt, t.attempt as reached, t.worker_id as held_by, a.worker_id as failed_by
         from workflow.claims c cross join unnest(c.tasks) k
         join workflow.workflow_runs r on r.run_id = k.run_id
         left join workflow.step_tasks t on t.run_id = k.run_id and t.step_slug = k.step_slug and t.task_index = k.task_index
         left join workflow.step_attempts a on a.run_id = k.run_id and a.step_slug = k.step_slug and a.task_index = k.task_index and a.attempt = k.attempt
        where t.run_id is null or t.attempt < k.attempt or t.attempt = k.attempt and t.worker_id <> c.worker_id or a.worker_id <> c.worker_id`,
  Q9: `select c.claim_id, c.overdue_at, t.run_id, t.step_slug, t.task_index
         from workflow.claims c cross join unnest(c.tasks) k
         join workflow.step_tasks t on t.run_id = k.run_id and t.step_slug = k.step_slug and t.task_index = k.task_index and t.attempt = k.attempt
         join workflow.workflow_runs r on r.run_id = t.run_id
         join workflow.workflow_steps s on s.definition_id = r.definition_id and s.step_slug = t.step_slug
         join workflow.workflow_workers w on w.worker_id = t.worker_id
        where t.status = 'started' and c.overdue_at > t.started_at + (s.timeout_ms + w.heartbeat_timeout_ms) * interval '1 millisecond'`,
};

const broken = Object.entries(LAWS).map(([law, query]) => `select '${law}' as law, to_jsonb(x) as row from (${query}) x`);
const CHECK = `with ${OPEN_STEPS}\n${broken.join('\nunion all\n')}`;

/** Every row that breaks a law, with the law's number. Empty is what a test expects. */
export function brokenLaws(caller: Pick<Caller, 'sql'>): Promise<BrokenLaw[]> {
  return caller.sql<BrokenLaw>(CHECK);
}

/** For an afterEach: whatever a test did, no law is broken. */
export async function assertLaws(caller: Pick<Caller, 'sql'>): Promise<void> {
  const broken = await brokenLaws(caller);
  if (broken.length > 0) throw new Error(`broken laws of SPEC.md: ${JSON.stringify(broken, null, 2)}`);
}

export const laws: readonly string[] = Object.keys(LAWS);
