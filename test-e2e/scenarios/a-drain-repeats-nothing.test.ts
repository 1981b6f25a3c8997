// Drain under load: by a signal, by an operator over the API, and one whose handlers do not end in time.
import { waitFor } from '@singularity-workflow/testkit';
import { breaches } from '../checker/checker.js';
import type { Acknowledged } from '../checker/history.js';
import { outputOf, runsOf, submit } from '../harness/load.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion, type Region } from '../harness/region.js';
import type { Service } from '../harness/service.js';

const SLOTS = 50; // CONCURRENCY by default
const QUEUED = 100;

it(
  'finishes what runs and leaves the rest to others, each task in its first attempt; exits with 0',
  inRegion({}, async (region) => {
    const acknowledged: Acknowledged[] = [];
    acknowledged.push(...(await drained(region, 'by signal', (executor) => executor.signal('SIGTERM'))));
    acknowledged.push(...(await drained(region, 'by an operator', async (_, workerId) => region.client.workers.drain(workerId))));

    const attempts = region.attempts();
    expect(attempts.filter(({ kind, attempt }) => kind !== 'end' && (kind === 'fail' || attempt > 1))).toEqual([]);
    const repeated = await region.db.sql(
      'select run_id, step_slug, attempt, failures from workflow.step_tasks where attempt <> 1 or failures > 0',
    );
    expect(repeated).toEqual([]);
    expect(breaches(await readHistory(region.db, { acknowledged, attempts }))).toEqual([]);
  }),
);

type Drain = (executor: Service, workerId: string) => unknown;

/** One executor with all its slots taken and more queued is drained; a second one comes when it takes no more. */
async function drained(region: Region, gate: string, drain: Drain): Promise<Acknowledged[]> {
  const { client } = region;
  const executor = region.of('executor')[0]!;
  const { workerId } = await executor.event('worker_registered');
  const from = region.services.length * 1_000;
  const running = await submit(client, runsOf('e2e-held', SLOTS, { gates: [gate] }, from));
  await waitFor(() => region.startsIn(executor).filter(({ stepSlug }) => stepSlug === 'hold').length >= SLOTS, {
    until: 'its slots are taken',
  });
  const queued = await submit(client, runsOf('e2e-chain', QUEUED, {}, from));
  const seen = region.startsIn(executor).length;
  await drain(executor, workerId);
  await waitFor(async () => (await client.workers.get(workerId)).state === 'deprecated', { until: 'it takes no more work' });
  const heir = await region.add('executor');
  await region.settled(queued);
  expect(executor.ended).toBeNull();
  region.open(gate);
  expect(await executor.exited).toEqual({ code: 0, signal: null });
  await region.settled();

  expect(region.startsIn(executor)).toHaveLength(seen);
  expect(await region.outputs(running)).toEqual(running.map((_, k) => ({ hold: { n: from + k, by: executor.name } })));
  expect(await region.outputs(queued)).toEqual(queued.map(outputOf));
  expect(region.of('executor')).toEqual([heir]);
  return [...running, ...queued];
}

it(
  'gives back what does not end within the drain timeout: no failure is counted, the attempt number stays taken',
  inRegion({ executorEnv: { DRAIN_TIMEOUT_MS: '500' } }, async (region) => {
    const executor = region.of('executor')[0]!;
    const acknowledged = await submit(region.client, runsOf('e2e-held', SLOTS, { gates: ['never'] }));
    await region.started(executor, SLOTS);
    executor.signal('SIGTERM');
    expect(await executor.exited).toEqual({ code: 0, signal: null });

    const heir = await region.add('executor');
    await region.settled();
    expect(await region.outputs(acknowledged)).toEqual(acknowledged.map((_, n) => ({ hold: { n, by: heir.name } })));
    const counts = await region.db.sql('select distinct attempt, failures from workflow.step_tasks');
    expect(counts).toEqual([{ attempt: 2, failures: 0 }]);
    expect(breaches(await readHistory(region.db, { acknowledged, attempts: region.attempts() }))).toEqual([]);
  }),
);
