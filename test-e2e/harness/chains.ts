// Many runs of three steps through two executors, and whether each output is right: the short form and the long one differ in their number.
import type { Acknowledged } from '../checker/history.js';
import type { Region } from './region.js';
import { runsOf, submit } from './load.js';

const BATCH = 1_000;

export interface Chains {
  readonly acknowledged: Acknowledged[];
  /** From the first start to the end of the last run. */
  readonly tookMs: number;
  /** Runs that completed with the right output. */
  readonly right: number;
  /** Tasks completed by each worker. */
  readonly shares: number[];
}

export async function runChains(region: Region, count: number): Promise<Chains> {
  const { client, db } = region;
  const startedAt = performance.now();
  const acknowledged = await submit(client, runsOf('e2e-chain', count), BATCH);
  await region.settled(null, { timeoutMs: 900_000, everyMs: count > 10_000 ? 500 : 50 });
  const tookMs = performance.now() - startedAt;
  const [judged] = await db.sql<{ right: number }>(
    `select count(distinct r.idempotency_key)::int as right from workflow.workflow_runs r, lateral (select 2 * (r.input ->> 'n')::bigint + 1 as odd) x
      where r.status = 'completed' and r.output = jsonb_build_object('square', x.odd * x.odd)`,
  );
  const shares = await db.sql<{ tasks: number }>('select count(*)::int as tasks from workflow.step_tasks group by worker_id');
  return { acknowledged, tookMs, right: judged!.right, shares: shares.map(({ tasks }) => tasks) };
}
