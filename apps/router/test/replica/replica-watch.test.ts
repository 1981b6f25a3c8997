import { createMetrics, type ReplicaSeen, silentLogger } from '@singularity-workflow/core';
import { ReplicaWatch } from '../../src/replica/replica-watch.js';

const T0 = Date.parse('2030-01-31T12:00:00Z');
const at = (ms: number): Date => new Date(T0 + ms);

const seen = (rest: Partial<ReplicaSeen>): ReplicaSeen => ({
  kind: 'physical',
  asOf: at(0),
  now: at(0),
  paused: false,
  copying: false,
  subscriptions: [],
  region: 'home',
  ...rest,
});

function watching() {
  const answers: (ReplicaSeen | Error)[] = [];
  let nowMs = 0;
  const metrics = createMetrics({ processMetrics: false });
  const look = async (): Promise<ReplicaSeen> => {
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const watch = new ReplicaWatch({ reader: { look }, logger: silentLogger, metrics, nowMs: () => nowMs });
  return {
    watch,
    sees: async (answer: ReplicaSeen | Error) => {
      answers.push(answer);
      await watch.tick().catch(() => undefined);
    },
    passes: (ms: number) => {
      nowMs += ms;
    },
    gauge: async () => (await metrics.replicaLagSeconds.get()).values[0]?.value,
  };
}

it('knows nothing before the replica has said of which time it is', async () => {
  const { watch, sees } = watching();
  expect([watch.asOf, watch.lagMs, watch.notReady()]).toEqual([null, null, 'how old the replica is cannot be said yet']);
  await sees(seen({ asOf: null }));
  expect(watch.asOf).toBeNull();
  await sees(seen({ asOf: null, copying: true }));
  expect(watch.notReady()).toBe('the replica is still being copied');
  await sees(seen({}));
  expect([watch.asOf, watch.notReady()]).toEqual([at(0), null]);
});

it('counts the lag by the clock of the replica, and on between two looks', async () => {
  const { watch, sees, passes } = watching();
  await sees(seen({ asOf: at(-1_500), now: at(0) }));
  expect(watch.lagMs).toBe(1_500);
  passes(250);
  expect([watch.asOf, watch.lagMs]).toEqual([at(-1_500), 1_750]);
});

it('is never ahead of the primary, whatever the clocks say', async () => {
  const { watch, sees } = watching();
  await sees(seen({ asOf: at(300), now: at(0) }));
  expect(watch.lagMs).toBe(0);
});

it('keeps what was known while the replica cannot be asked, and grows older', async () => {
  const { watch, sees, passes, gauge } = watching();
  await sees(seen({}));
  passes(40_000);
  await sees(new Error('away'));
  expect([watch.asOf, watch.lagMs, watch.notReady(), await gauge()]).toEqual([at(0), 40_000, null, 40]);
  await sees(seen({ asOf: null, now: at(41_000) })); // restarted, nothing replayed yet: its data is as new as it was
  expect([watch.asOf, watch.lagMs]).toEqual([at(0), 41_000]);
});

it('knows nothing any more when the replica is copied anew', async () => {
  const { watch, sees } = watching();
  await sees(seen({ kind: 'logical' }));
  await sees(seen({ kind: 'logical', asOf: null, copying: true }));
  expect([watch.asOf, watch.notReady()]).toEqual([null, 'the replica is still being copied']);
});

it('complains beyond the bound, and says that replay is paused where it is', async () => {
  const { watch, sees } = watching();
  expect(watch.problems(1_000)).toEqual([]);
  await sees(seen({ asOf: at(-1_000) }));
  expect(watch.problems(1_000)).toEqual([]);
  await sees(seen({ asOf: at(-1_001), paused: true }));
  expect(watch.problems(1_000)).toEqual(['the replica is 1001 ms behind: its replay is paused']);
});
