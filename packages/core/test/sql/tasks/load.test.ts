// Many at once on shared runs: what a lock order is for. Every error of a call fails the test, and the server's own count of deadlocks must stay.
import {
  brokenLaws,
  seeded,
  testEnvironment,
  useTestDatabase,
  waitFor,
  type Claimed,
  type TestWorker,
} from '@singularity-workflow/testkit';

const db = useTestDatabase();
const LOAD_MS = testEnvironment().long ? 60_000 : 4_000;
/** However slow the machine is: less than this shows nothing. */
const COMPLETIONS_MIN = 1_000;
const HANDED_OVER_MIN = 100;
const LIMIT_MS = LOAD_MS + 240_000;
const BATCH = 200;

const deadlocks = async (): Promise<number> => {
  await db.sql('select pg_stat_clear_snapshot()');
  return (await db.sql<{ deadlocks: number }>('select deadlocks from pg_stat_database where datname = current_database()'))[0]!.deadlocks;
};
const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);

/** Deterministic for a seed: the order of locks tried differs from connection to connection, the same at every repetition. */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

const openRuns = async () =>
  (await db.sql<{ open: number }>('select count(*) as open from workflow.workflow_runs where finished_at is null'))[0]!.open;

describe('under load', () => {
  it(
    'batches of 200 completions over shared runs from eight connections never deadlock',
    async () => {
      const { seed } = seeded('load: completions', 1);
      await db.make.define({
        slug: 'w',
        steps: [
          { slug: 'm', kind: 'map' },
          { slug: 'n', kind: 'map', over: 'm', queue: 'load_other' },
          { slug: 'o', depends_on: ['m'] },
          { slug: 'j', depends_on: ['n', 'o'] },
        ],
      });
      const endsAt = performance.now() + LOAD_MS;
      const claimed = new Map<number, Claimed[]>();
      let completed = 0;
      let handedOver = 0;
      const refill = async () => {
        const input = Array.from({ length: 8 }, (_, i) => i);
        await db.make.startAll(Array.from({ length: 50 }, () => ({ tenant_id: 'acme', workflow: 'w', input })));
      };
      await refill();
      await refill();
      const work = async (index: number) => {
        const random = randomOf(seed + index);
        const queues = ['default', 'load_other'];
        const worker = (
          await db.make.worker({
            queues,
            runnableSteps: [
              ['w', 'o'],
              ['w', 'j'],
            ],
          })
        ).using(await db.session());
        let settled: number[] = [];
        claimed.set(index, []);
        while (performance.now() < endsAt || completed < COMPLETIONS_MIN || handedOver < HANDED_OVER_MIN) {
          const held = claimed.get(index)!;
          held.push(...(await worker.claim({ queues, capacity: BATCH })));
          if (held.length < BATCH / 4) await refill();
          const batch = shuffled(held.splice(0, BATCH), random);
          const { answers, handed } = await worker.completeAndTake(
            batch.map((task) => [task, task.task_index]),
            { settled, capacity: BATCH / 4 },
          );
          expect(answers.every(({ verdict }) => verdict === 'accepted')).toBe(true);
          held.push(...handed);
          handedOver += handed.length;
          const open = new Set(held.map(({ claim_id }) => claim_id));
          settled = [...new Set(batch.map(({ claim_id }) => claim_id))].filter((id) => !open.has(id));
          completed += answers.length;
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, index) => work(index)));
      expect(await deadlocks()).toBe(0);
      expect(await brokenLaws(db)).toEqual([]);
      process.stdout.write(
        `load: ${completed} completions in ${Math.round(performance.now() - endsAt + LOAD_MS)} ms, ${handedOver} handed over\n`,
      );
    },
    LIMIT_MS,
  );

  it(
    'reports, failures, cancels, pauses, retries, heartbeats and the scheduler at once never deadlock, and everything ends',
    async () => {
      const { seed } = seeded('load: everything', 1);
      await db.make.define({
        slug: 'w',
        base_delay_ms: 0,
        steps: [
          { slug: 'm', kind: 'map', when_exhausted: 'skip', max_attempts: 2 },
          { slug: 'a', max_attempts: 2 },
          { slug: 'n', kind: 'map', over: 'm' },
          { slug: 'j', depends_on: ['n', 'a'] },
        ],
      });
      const input = Array.from({ length: 6 }, (_, i) => i);
      const start = (count: number) => db.make.startAll(Array.from({ length: count }, () => ({ tenant_id: 'acme', workflow: 'w', input })));
      const runIds = (await start(60)).map(({ run_id }) => run_id);
      const token = await db.make.leaderToken();
      const endsAt = performance.now() + LOAD_MS;
      const until = async (step: (random: () => number) => Promise<unknown>, index: number) => {
        const random = randomOf(seed + index);
        while (performance.now() < endsAt) await step(random);
      };
      const worker = async (): Promise<TestWorker> => (await db.make.worker({ runnableSteps: [['w', 'j']] })).using(await db.session());
      const working = async (index: number) => {
        const me = await worker();
        await until(async (random) => {
          const tasks = shuffled(await me.claim({ capacity: 40 }), random);
          await me.heartbeat(tasks);
          const third = Math.ceil(tasks.length / 3);
          await me.failAll(tasks.slice(0, third).map((task) => [task, { retryable: random() < 0.8 }]));
          await me.releaseAll(tasks.slice(third, third + 3).map((task) => [task, 'drain']));
          const { handed } = await me.completeAndTake(tasks.slice(third).map((task) => [task, task.task_index]));
          await me.completeAll(handed.map((task) => [task, 1]));
          await me.heartbeat([], { settled: [...new Set([...tasks, ...handed].map(({ claim_id }) => claim_id))] });
        }, index);
      };
      const operating = async (index: number) => {
        const session = await db.session();
        const refused = new Set(['WF205', 'WF212', 'WF213']); // the run is not in a state for that: an answer, not a failure
        await until(async (random) => {
          const some = shuffled(runIds, random).slice(0, 10);
          const ignoring = (error: Error & { code?: string }) => {
            if (!refused.has(error.code ?? '')) throw error;
          };
          await session.call('cancel_runs', [some.slice(0, 3)]);
          await session.call('pause_run', [some[4]]).catch(ignoring);
          await session.call('resume_run', [some[4]]).catch(ignoring);
          for (const runId of some.slice(5)) await session.call('retry_run', [runId, random() < 0.5 ? 'failed' : 'start']).catch(ignoring);
        }, index);
      };
      const scheduling = async () => {
        const session = await db.session();
        await until(async () => {
          await session.call('requeue_lost_tasks', [token, 100]);
          await session.call('start_due_runs', [token, 100]);
          await session.call('fail_overdue_runs', [token, 100]);
          await session.call('advance_horizon', [token, 100]);
          await session.sql('delete from workflow.queue_marker');
          await session.call('rebuild_queue', [token, null, 50]);
          await session.call('rebuild_queue', [token, '00000000-0000-0000-0000-000000000000', 1_000]);
        }, 99);
      };
      await Promise.all([working(1), working(2), working(3), operating(4), operating(5), scheduling()]);
      expect(await deadlocks()).toBe(0);

      for (const runId of runIds) await db.call('resume_run', [runId]).catch(() => undefined);
      const last = await worker();
      await waitFor(
        async () => {
          await last.completeAll((await last.claim({ capacity: 500 })).map((task) => [task, 1]));
          return (await openRuns()) === 0;
        },
        { until: 'every run has ended', timeoutMs: 120_000 },
      );
      expect(await db.make.messages()).toEqual([]);
      expect(await brokenLaws(db)).toEqual([]);
      expect(await db.sql(`select 1 from workflow.step_tasks where status in ('queued', 'started')`)).toEqual([]);
      expect((await db.call<{ runs: number }>('open_run_counts')).map(({ runs }) => runs)).toEqual([0, 0, 0]);
    },
    LIMIT_MS,
  );
});
