// Drain under load; and of handlers that do not end in time.
import { breaches } from '../checker/checker.js';
import { drainUnderLoad } from '../faults/drain-under-load.js';
import { expectNoViolation } from '../faults/short-form.js';
import { runsOf, submit } from '../harness/load.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion } from '../harness/region.js';

const SLOTS = 50; // CONCURRENCY by default

it('finishes what runs and leaves the rest to others, each task in its first attempt; exits with 0', expectNoViolation(drainUnderLoad));

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
