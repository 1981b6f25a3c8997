// The texts behind RunReader. Every list is a bounded scan in the order of run ids, a filter over what was scanned, and a page of that; which index
// the scan walks depends on what is given. Parameters of all: $1 lowest id, $2 highest id (exclusive), $3 tenant, $4 workflow, $5 statuses, $6 labels,
// $7 created from, $8 created to, $9 page, $10 most rows to scan, $11 most rows to scan per workflow. Unused ones are named in a condition that is
// always true, since PostgreSQL wants to know their types.

/** `all`: the primary key backwards. The others: the index (tenant, workflow, run id), for one workflow or for each that there is. */
export type ScanKind = 'all' | 'tenant' | 'tenantAndWorkflow';

const TYPES = `($3::text is null or true) and ($4::text is null or true) and ($11::int is null or true)`;

const SCANS: Record<ScanKind, string> = {
  all: `
    select r.* from workflow.workflow_runs r
     where r.run_id >= $1::uuid and r.run_id < $2::uuid and ${TYPES}
     order by r.run_id desc
     limit $10::int`,
  tenantAndWorkflow: `
    select r.* from workflow.workflow_runs r
     where r.tenant_id = $3::text and r.workflow = $4::text and r.run_id >= $1::uuid and r.run_id < $2::uuid and ${TYPES}
     order by r.run_id desc
     limit $10::int`,
  tenant: `
    select r.* from (select distinct v.slug from workflow.workflow_versions v) w
      cross join lateral (
        select o.* from workflow.workflow_runs o
         where o.tenant_id = $3::text and o.workflow = w.slug and o.run_id >= $1::uuid and o.run_id < $2::uuid
         order by o.run_id desc
         limit $11::int) r
     where ${TYPES}
     order by r.run_id desc
     limit $10::int`,
};

/** Few runs have the labels: all of them. */
const LABEL_SCAN = `
    select r.* from workflow.workflow_runs r
     where r.labels @> $6::jsonb and r.labels <> '{}' and r.run_id >= $1::uuid and r.run_id < $2::uuid
       and ($3::text is null or r.tenant_id = $3) and ($10::int is null or true) and ${TYPES}`;

const FILTER = `
    ($4::text is null or s.workflow = $4)
      and ($5::text[] is null or s.status = any ($5))
      and ($6::jsonb is null or s.labels @> $6)
      and ($7::timestamptz is null or s.created_at >= $7)
      and ($8::timestamptz is null or s.created_at < $8)`;

const SUMMARY = `
  r.run_id, r.tenant_id, r.workflow, r.definition_id, v.version, r.status, r.priority, r.durability,
  (select count(*) from workflow.step_states s where s.run_id = r.run_id and s.status in ('completed', 'skipped')) as steps_done,
  r.total_steps as steps_total, r.idempotency_key, r.labels, r.parent_run_id, r.error,
  r.run_at, r.deadline, r.created_at, r.started_at, r.paused_at, r.finished_at, r.home_epoch`;

const VERSION = `left join workflow.workflow_versions v on v.slug = r.workflow and v.definition_id = r.definition_id`;

/** scan_end: the last id that was looked at, when the scan ended because of its limit and not because there was nothing more. */
const page = (scan: string, columns: string, join: string): string => `
  with scanned as (${scan}),
       page as (select s.* from scanned s where ${FILTER} order by s.run_id desc limit $9::int)
  select ${columns},
         case when (select count(*) from page) < $9::int and (select count(*) from scanned) >= $10::int
              then (select s.run_id from scanned s order by s.run_id limit 1) end as scan_end
    from (select) one
    left join page r on true
    ${join}
   order by r.run_id desc`;

const each = (columns: string, join: string): Record<ScanKind, string> => ({
  all: page(SCANS.all, columns, join),
  tenant: page(SCANS.tenant, columns, join),
  tenantAndWorkflow: page(SCANS.tenantAndWorkflow, columns, join),
});

const counted = (scan: string): string => `
  with scanned as (${scan})
  select count(*) filter (where ${FILTER} and ($9::int is null or true)) as count, count(*) as scanned from scanned s`;

export const LIST = each(SUMMARY, VERSION);
export const LIST_BY_LABEL = page(LABEL_SCAN, SUMMARY, VERSION);
export const SELECT = each('r.run_id', '');
export const SELECT_BY_LABEL = page(LABEL_SCAN, 'r.run_id', '');
export const COUNT: Record<ScanKind, string> = {
  all: counted(SCANS.all),
  tenant: counted(SCANS.tenant),
  tenantAndWorkflow: counted(SCANS.tenantAndWorkflow),
};

export const SELECTIVE_LABEL = `
  select count(*) as runs
    from (select from workflow.workflow_runs r where r.labels @> $1::jsonb and r.labels <> '{}' limit $2::int) found`;

export const GET = `
  select ${SUMMARY}, r.input, r.output, workflow.clock() as as_of
    from workflow.workflow_runs r
    ${VERSION}
   where r.run_id = $1::uuid`;

/** What was only requested, and waits for its home, is not gone. */
export const FINISHED = `
  select u.run_id, r.status
    from unnest($1::uuid[]) u(run_id)
    left join lateral (select x.run_id, x.status, x.finished_at from workflow.workflow_runs x where x.run_id = u.run_id limit 1) r on true
   where r.finished_at is not null
      or r.run_id is null
         and not exists (select from workflow.run_requests q
                          where q.request_id = u.run_id
                            and not exists (select from workflow.run_request_outcomes o where o.request_id = q.request_id))`;

export const STEPS = `
  select s.step_slug, d.step_index, d.kind, d.dependencies as depends_on, d.queue, s.status, s.initial_tasks, s.remaining_tasks,
         s.skip_reason, s.error, s.created_at, s.started_at, s.finished_at
    from workflow.workflow_runs r
    join workflow.step_states s on s.run_id = r.run_id
    join workflow.workflow_steps d on d.definition_id = r.definition_id and d.step_slug = s.step_slug
   where r.run_id = $1::uuid
   order by d.step_index`;

/** Attempts come as JSON inside the task's row; their times are RFC 3339. */
export const TASKS = `
  select t.step_slug, d.step_index, t.task_index, t.status, t.attempt, t.failures, t.available_at, t.worker_id, t.error,
         t.created_at, t.started_at, t.finished_at,
         coalesce((select jsonb_agg(jsonb_build_object(
                            'attempt', a.attempt, 'workerId', a.worker_id, 'reported', a.reported, 'error', a.error,
                            'startedAt', a.started_at, 'failedAt', a.failed_at) order by a.attempt)
                     from workflow.step_attempts a
                    where a.run_id = t.run_id and a.step_slug = t.step_slug and a.task_index = t.task_index), '[]') as attempts
    from workflow.workflow_runs r
    join workflow.workflow_steps d on d.definition_id = r.definition_id
    join workflow.step_tasks t on t.run_id = r.run_id and t.step_slug = d.step_slug
   where r.run_id = $1::uuid and (d.step_index, t.task_index) > ($2::int, $3::int)
   order by d.step_index, t.task_index
   limit $4::int`;

const MICROS = `(extract(epoch from e.at) * 1000000)::bigint::text`;

/** The instant is put together from whole seconds and the rest: an interval of 10^15 microseconds would not be exact. */
export const EVENTS = `
  select f.read, e.run_id, e.event_id, ${MICROS} as at, e.rank, e.type, e.step_slug, e.task_index, e.attempt, e.detail
    from (select u.read, u.run_id, u.rank, u.event_id,
                 to_timestamp(u.at::bigint / 1000000) + (u.at::bigint % 1000000) * interval '1 microsecond' as at
            from unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) with ordinality u(run_id, at, rank, event_id, read)) f
    cross join lateral (
      select e.* from workflow.run_events e
       where e.run_id = f.run_id and (f.at is null or (e.at, e.rank::int, e.event_id) > (f.at, f.rank, f.event_id))
       order by e.at, e.rank, e.event_id
       limit $5::int) e
   order by f.read, e.at, e.rank, e.event_id`;

export const EVENT_AT = `
  select ${MICROS} as at from workflow.run_events e where e.run_id = $1::uuid and e.event_id = $2::text`;
