import { useRouter } from './support/router.js';

const router = useRouter();
const { db } = router;

describe('queues', () => {
  it('tell their depth, and what nobody alive can run', async () => {
    await db.make.define('greet', 'hello');
    await router.client.start('greet', {}, { priority: 'high' });
    const { body } = await router.client.get<{ queues: object[]; stuck: object[] }>('/api/queues');
    expect(body.queues).toContainEqual({
      queue: 'default',
      priority: 'high',
      depth: 1,
      visible: 1,
      in_flight: 0,
      oldest_seconds: expect.any(Number),
    });
    expect(body.stuck).toEqual([{ workflow: 'greet', step: 'hello', queue: 'default', tasks: 1 }]);
  });
});

describe('workers', () => {
  it('are listed, read, and drained', async () => {
    const worker = await db.make.worker({ runnableSteps: [['greet', 'hello']] });
    const { body } = await router.client.get<{ workers: { worker_id: string }[] }>('/api/workers?app=executor');
    expect(body.workers).toEqual([
      expect.objectContaining({ worker_id: worker.id, app: 'executor', state: 'active', runnable_steps: [['greet', 'hello']] }),
    ]);
    expect(await router.client.post(`/api/workers/${worker.id}/drain`)).toMatchObject({
      status: 202,
      body: { worker_id: worker.id, state: 'deprecated' },
    });
    expect((await router.client.get(`/api/workers/${worker.id}`)).body).toMatchObject({
      state: 'deprecated',
      deprecated_at: expect.any(String),
    });
    expect((await router.client.get<{ workers: object[] }>('/api/workers?state=active&app=executor')).body.workers).toEqual([]);
  });

  it('are listed newest first, over pages', async () => {
    const ids = [await db.make.worker(), await db.make.worker(), await db.make.worker()].map(({ id }) => id);
    const first = await router.client.get<{ workers: { worker_id: string }[]; next_cursor: string }>('/api/workers?app=executor&limit=2');
    const second = await router.client.get<{ workers: { worker_id: string }[] }>(
      `/api/workers?app=executor&limit=2&cursor=${first.body.next_cursor}`,
    );
    expect([...first.body.workers, ...second.body.workers].map((worker) => worker.worker_id)).toEqual(ids.toReversed());
  });
});
