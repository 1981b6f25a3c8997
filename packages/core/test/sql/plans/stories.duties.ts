// What the scheduler and the monitor do in the background, over everything that is open.
import type { Scene, Story } from './story.js';

const silent = ({ session }: Scene, { id }: { id: string }) =>
  session.sql(`update workflow.workflow_workers set last_heartbeat_at = last_heartbeat_at - interval '2 days' where worker_id = $1`, [id]);
const dueStarts = async ({ session }: Scene, ids: string[]) => {
  await session.sql(`update workflow.run_timers set due_at = now() - interval '1 second' where kind = 'start' and run_id = any ($1)`, [
    ids,
  ]);
  await session.sql(`update workflow.workflow_runs set run_at = now() where run_id = any ($1)`, [ids]);
};
const overdue = async ({ session }: Scene, ids: string[]) => {
  await session.sql(`update workflow.workflow_runs set deadline = now() where run_id = any ($1)`, [ids]);
  await session.sql(
    `insert into workflow.run_timers (run_id, kind, due_at) select id, 'deadline', now() - interval '1 second' from unnest($1::uuid[]) id
     on conflict (run_id, kind, residency) do update set due_at = excluded.due_at`,
    [ids],
  );
};
const requeue = (scene: Scene, count: number) => () => scene.call('requeue_lost_tasks', scene.schedulerToken, count);

export const duties: Story[] = [
  {
    name: 'requeue_lost_tasks: of a dead worker',
    prepare: async (scene, count) => {
      await requeue(scene, 1_000)(); // what lay there before is another story's
      await scene.hold('chain', count);
      await silent(scene, scene.worker);
      return requeue(scene, count);
    },
  },
  {
    name: 'requeue_lost_tasks: parts of a map',
    prepare: async (scene, count) => {
      await requeue(scene, 1_000)();
      await scene.parts(count);
      await silent(scene, scene.worker);
      return requeue(scene, count);
    },
  },
  {
    name: 'requeue_lost_tasks: timeouts',
    prepare: async (scene, count) => {
      await requeue(scene, 1_000)();
      await scene.hold('chain', count);
      await scene.session.sql(
        `update workflow.step_tasks t set started_at = t.started_at - interval '2 days' where t.status = 'started' and t.worker_id = $1`,
        [scene.worker.id],
      );
      await scene.session.sql(`update workflow.claims set overdue_at = now() where worker_id = $1`, [scene.worker.id]);
      return requeue(scene, count);
    },
  },
  {
    name: 'requeue_lost_tasks: claims due, nothing lost',
    prepare: async (scene, count) => {
      await requeue(scene, 1_000)();
      await scene.hold('chain', count);
      await scene.session.sql(`update workflow.claims set overdue_at = now() where worker_id = $1`, [scene.worker.id]);
      return requeue(scene, count);
    },
  },
  {
    name: 'rebuild_queue: the counts',
    single: true,
    prepare: async (scene) => {
      await scene.session.sql('truncate workflow.queue_marker');
      return () => scene.call('rebuild_queue', scene.schedulerToken, null, 1_000);
    },
  },
  {
    name: 'rebuild_queue: a page, half of it gone',
    prepare: async (scene, count) => {
      await scene.session.sql('truncate workflow.queue_marker, workflow.claims');
      await scene.session.sql(`delete from pgmq.q_chain_p1 where msg_id % 2 = 0`);
      const [run] = await scene.session.sql<{ run_id: string }>(
        `select run_id from workflow.workflow_runs where workflow = 'chain' and finished_at is null order by run_id limit 1`,
      );
      return () => scene.call('rebuild_queue', scene.schedulerToken, run!.run_id, count);
    },
  },
  {
    name: 'start_due_runs',
    prepare: async (scene, count) => {
      await dueStarts(scene, await scene.runIds(`r.status = 'scheduled'`, count));
      return () => scene.call('start_due_runs', scene.schedulerToken, count);
    },
  },
  {
    name: 'fail_overdue_runs',
    prepare: async (scene, count) => {
      await overdue(scene, await scene.runIds(`r.status = 'started' and r.workflow = 'chain'`, count));
      return () => scene.call('fail_overdue_runs', scene.schedulerToken, count);
    },
  },
  {
    name: 'advance_horizon',
    prepare: async (scene, count) => {
      await scene.session.sql(
        `update workflow.run_horizon set oldest_open_run_id = (select run_id from workflow.workflow_runs order by run_id limit 1)`,
      );
      return () => scene.call('advance_horizon', scene.schedulerToken, count);
    },
  },
  {
    name: 'prune_runs',
    prepare: async (scene, count) => () => scene.call('prune_runs', scene.schedulerToken, new Date(Date.now() - 3_600_000), count),
  },
];
