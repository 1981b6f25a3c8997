// What each region of a planet has in the end, for the checker.
import type { TestDatabase } from '@singularity-workflow/testkit';
import type { PartRow } from '../checker/history.js';
import type { Copy, StoredRun } from '../checker/region-laws.js';

const TABLES = `select distinct table_name as name from workflow.replicated_columns where table_name <> 'stream_ledger' order by 1`;
const RUNS = `
  select run_id as "runId", tenant_id as tenant, workflow, idempotency_key as key, status, output from workflow.workflow_runs`;
const PARTS = `
  select run_id as "runId", step_slug as "stepSlug", null as "taskIndex", status from workflow.step_states
   union all select run_id, step_slug, task_index, status from workflow.step_tasks`;
const MESSAGES = 'select count(*)::int as count from testkit.messages()';
const DECISIONS = 'select epoch::int as epoch, value from workflow.topology';
const MERGED = `
  select distinct on (request_id) request_id as "requestId", run_id as "runId", outcome from workflow.run_request_outcomes order by request_id, home_epoch desc`;
const LOST = 'select run_id as "runId", lost_to as "lostTo" from workflow.lost_runs';

export async function copyOf(region: string, db: TestDatabase): Promise<Copy> {
  const [runs, parts, [messages], decisions, lost, outcomes, digests] = await Promise.all([
    db.sql<StoredRun>(RUNS),
    db.sql<PartRow>(PARTS),
    db.sql<{ count: number }>(MESSAGES),
    db.sql<{ epoch: number; value: unknown }>(DECISIONS),
    db.sql<{ runId: string; lostTo: string }>(LOST),
    db.sql<{ requestId: string; runId: string; outcome: string }>(MERGED),
    digestsOf(db),
  ]);
  return {
    region,
    runs,
    parts,
    messages: messages!.count,
    decisions: new Map(decisions.map(({ epoch, value }) => [epoch, value])),
    lost: new Map(lost.map(({ runId, lostTo }) => [runId, lostTo])),
    merged: new Map(outcomes.flatMap(({ requestId, runId, outcome }) => (outcome === 'merged' ? [[requestId, runId] as const] : []))),
    digests,
  };
}

interface Digested {
  readonly placement_group: string;
  readonly row_count: string;
  readonly digest: string;
}

async function digestsOf(db: TestDatabase): Promise<Map<string, string>> {
  const tables = await db.sql<{ name: string }>(TABLES);
  const digested = await Promise.all(
    tables.map(async ({ name }) => {
      const groups = await db.call<Digested>('digest_table', [name]);
      return groups.map((group) => [`${name} ${group.placement_group}`, `${group.row_count} rows ${group.digest}`] as const);
    }),
  );
  return new Map(digested.flat());
}
