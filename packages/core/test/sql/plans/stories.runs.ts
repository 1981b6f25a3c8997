// Starts and what operators ask for.
import { json } from '@singularity-workflow/testkit';
import { requests } from './filled.js';
import type { Scene, Story } from './story.js';

const start = (scene: Scene, elements: readonly object[]) => () => scene.call('start_runs', json(elements));
const keyed = (count: number) => requests({ workflow: 'chain', count }).map((request, i) => ({ ...request, idempotency_key: `new-${i}` }));

export const starts: Story[] = [
  { name: 'start_runs: plain', prepare: async (scene, count) => start(scene, requests({ workflow: 'chain', count })) },
  { name: 'start_runs: with keys', prepare: async (scene, count) => start(scene, keyed(count)) },
  {
    name: 'start_runs: again',
    prepare: async (scene, count) => {
      await start(scene, keyed(count))();
      return start(scene, keyed(count));
    },
  },
  {
    name: 'start_runs: later',
    prepare: async (scene, count) =>
      start(scene, requests({ workflow: 'single', count, more: { run_at: new Date(Date.now() + 3_600_000).toISOString() } })),
  },
];

const OPEN = `r.finished_at is null and r.status = 'started' and r.workflow =`;

export const operations: Story[] = [
  {
    name: 'cancel_runs',
    prepare: async (scene, count) => {
      const ids = await scene.runIds(`${OPEN} 'chain'`, count);
      return () => scene.call('cancel_runs', ids, 'not needed any more');
    },
  },
  {
    name: 'cancel_runs: with maps',
    prepare: async (scene, count) => {
      const ids = await scene.runIds(`${OPEN} 'fan'`, Math.ceil(count / 4));
      const splits = await scene.hold('fan', Math.ceil(count / 4));
      await scene.worker.completeAll(splits.map((task) => [task, [1, 2, 3, 4]]));
      return () => scene.call('cancel_runs', ids);
    },
  },
  {
    name: 'pause_run',
    single: true,
    prepare: async (scene) => {
      const [id] = await scene.runIds(`${OPEN} 'chain'`, 1);
      return () => scene.call('pause_run', id);
    },
  },
  {
    name: 'resume_run',
    single: true,
    prepare: async (scene) => {
      const [id] = await scene.runIds(`${OPEN} 'chain'`, 1);
      await scene.call('pause_run', id);
      return () => scene.call('resume_run', id);
    },
  },
  {
    name: 'retry_run',
    single: true,
    prepare: async (scene) => {
      const [task] = await scene.hold('lenient', 1);
      await scene.worker.complete(task!, 1);
      await scene.call('cancel_runs', [task!.run_id]);
      return () => scene.call('retry_run', task!.run_id, 'start');
    },
  },
  {
    name: 'delete_runs',
    prepare: async (scene, count) => {
      const ids = await scene.runIds(`r.finished_at is not null`, count);
      return () => scene.call('delete_runs', ids);
    },
  },
];
