// Claims and reports: what executors call all the time.
import type { Story } from './story.js';

/** Over the bound task_output_bytes_max. */
const OVERSIZED = 'x'.repeat(1_100_000);
const OVERSIZED_MAX = 2;

export const claims: Story[] = [
  {
    name: 'start_tasks: roots',
    prepare:
      async ({ worker }, count) =>
      () =>
        worker.claim({ queues: ['single', 'chain'], capacity: count }),
  },
  {
    name: 'start_tasks: steps with dependencies',
    prepare: async (scene, count) => {
      const [first] = await scene.follow('diamond', await scene.hold('diamond', count * 2), { count: 1 });
      await scene.worker.release(first!);
      return () => scene.worker.claim({ queues: ['diamond'], capacity: count });
    },
  },
  {
    name: 'start_tasks: one map',
    prepare: async (scene, count) => {
      const [first] = await scene.follow('fan', await scene.hold('fan', 1), {
        output: Array.from({ length: count }, (_, i) => i),
        count: 1,
      });
      await scene.worker.release(first!);
      return () => scene.worker.claim({ queues: ['fan'], capacity: count });
    },
  },
  {
    name: 'start_tasks: joins of maps',
    prepare: async (scene, count) => {
      const parts = await scene.follow('fan', await scene.hold('fan', count), { output: [1] });
      const [first] = await scene.follow('fan', parts, { count: 1 });
      await scene.worker.release(first!);
      return () => scene.worker.claim({ queues: ['fan'], capacity: count });
    },
  },
];

export const completions: Story[] = [
  {
    name: 'complete_tasks: the first of a chain, with hand-over',
    prepare: async (scene, count) => {
      const tasks = await scene.hold('chain', count);
      const settled = [...new Set(tasks.map(({ claim_id }) => claim_id))];
      await scene.empty('chain');
      return () =>
        scene.worker.completeAndTake(
          tasks.map((task) => [task, 1]),
          { capacity: count, settled },
        );
    },
  },
  {
    name: 'complete_tasks: the first of a chain, to the queue',
    prepare: async (scene, count) => scene.report('complete_tasks', await scene.hold('chain', count), { output: 1 }),
  },
  {
    name: 'complete_tasks: the only step',
    prepare: async (scene, count) => scene.report('complete_tasks', await scene.hold('single', count), { output: { ok: true } }),
  },
  {
    name: 'complete_tasks: the last of a chain',
    prepare: async (scene, count) => {
      const second = await scene.follow('chain', await scene.hold('chain', count));
      return scene.report('complete_tasks', await scene.follow('chain', second), { output: 1 });
    },
  },
  {
    name: 'complete_tasks: two leaves of a run',
    prepare: async (scene, count) => {
      const leaves = await scene.follow('leaves', await scene.hold('leaves', Math.ceil(count / 2)), { count });
      return scene.report('complete_tasks', leaves, { output: 1 });
    },
  },
  {
    name: 'complete_tasks: both dependencies of a join',
    prepare: async (scene, count) => scene.report('complete_tasks', await scene.hold('diamond', count), { output: 1 }),
  },
  {
    name: 'complete_tasks: the sources of maps',
    prepare: async (scene, count) =>
      scene.report('complete_tasks', await scene.hold('fan', Math.ceil(count / 4)), { output: [1, 2, 3, 4] }),
  },
  {
    name: 'complete_tasks: parts of a map',
    prepare: async (scene, count) => scene.report('complete_tasks', await scene.parts(count), { output: 1 }),
  },
  {
    name: 'complete_tasks: the ends of maps, with hand-over',
    prepare: async (scene, count) => {
      const parts = await scene.follow('fan', await scene.hold('fan', count), { output: [1] });
      return () =>
        scene.worker.completeAndTake(
          parts.map((task) => [task, 1]),
          { capacity: count },
        );
    },
  },
  {
    name: 'complete_tasks: the joins of maps',
    prepare: async (scene, count) => {
      const parts = await scene.follow('fan', await scene.hold('fan', count), { output: [1] });
      return scene.report('complete_tasks', await scene.follow('fan', parts), { output: 1 });
    },
  },
  {
    name: 'complete_tasks: some too large',
    prepare: async (scene, count) => {
      const tasks = await scene.hold('chain', count);
      return () => scene.worker.completeAndTake(tasks.map((task, i) => [task, i < OVERSIZED_MAX ? OVERSIZED : 1]));
    },
  },
  {
    name: 'complete_tasks: reported before',
    prepare: async (scene, count) => {
      const tasks = await scene.hold('chain', count);
      await scene.worker.completeAll(tasks.map((task) => [task, 1]));
      return scene.report('complete_tasks', tasks, { output: 1 });
    },
  },
];

const error = { code: 'handler_failed', message: 'boom' };

export const failures: Story[] = [
  {
    name: 'fail_tasks: tried again',
    prepare: async (scene, count) => scene.report('fail_tasks', await scene.hold('chain', count), { error }),
  },
  {
    name: 'fail_tasks: the run fails',
    prepare: async (scene, count) => scene.report('fail_tasks', await scene.hold('fragile', count), { error }),
  },
  {
    name: 'fail_tasks: skipped',
    prepare: async (scene, count) => scene.report('fail_tasks', await scene.hold('lenient', count), { error }),
  },
  {
    name: 'fail_tasks: lost',
    prepare: async (scene, count) =>
      scene.report(
        'fail_tasks',
        (await scene.hold('chain', count)).map((task) => ({ ...task, attempt: 7 })),
        { error },
      ),
  },
  {
    name: 'fail_tasks: half tried again, half skipped',
    prepare: async (scene, count) => {
      const tasks = [...(await scene.hold('chain', Math.ceil(count / 2))), ...(await scene.hold('lenient', Math.ceil(count / 2)))];
      return scene.report('fail_tasks', tasks, { error });
    },
  },
  { name: 'fail_tasks: parts of a map', prepare: async (scene, count) => scene.report('fail_tasks', await scene.parts(count), { error }) },
  {
    name: 'release_tasks',
    prepare: async (scene, count) => scene.report('release_tasks', await scene.hold('chain', count), { reason: 'drain' }),
  },
  {
    name: 'release_tasks: parts of a map',
    prepare: async (scene, count) => scene.report('release_tasks', await scene.parts(count), { reason: 'drain' }),
  },
];

export const heartbeats: Story[] = [
  {
    name: 'heartbeat: many in flight',
    prepare: async (scene, count) => {
      const tasks = await scene.hold('chain', count);
      return () => scene.worker.heartbeat(tasks);
    },
  },
  {
    name: 'heartbeat: parts of a map, in old claims',
    prepare: async (scene, count) => {
      const tasks = await scene.parts(count);
      await scene.session.sql(`update workflow.claims set claimed_at = claimed_at - interval '1 hour' where worker_id = $1`, [
        scene.worker.id,
      ]);
      return () => scene.worker.heartbeat(tasks);
    },
  },
  {
    name: 'heartbeat: old claims, half of them unknown',
    prepare: async (scene, count) => {
      const tasks = await scene.hold('chain', count);
      await scene.session.sql(`update workflow.claims set claimed_at = claimed_at - interval '1 hour' where worker_id = $1`, [
        scene.worker.id,
      ]);
      return () => scene.worker.heartbeat(tasks.filter((_, i) => i % 2 === 0));
    },
  },
  {
    name: 'heartbeat: all of it cancelled',
    prepare: async (scene, count) => {
      const tasks = await scene.hold('chain', count);
      await scene.call(
        'cancel_runs',
        tasks.map(({ run_id }) => run_id),
      );
      return () => scene.worker.heartbeat(tasks);
    },
  },
];
