// The views that tell operators about queues, steps and workers.
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('queue_depths', () => {
  it('counts what waits, what is in flight, and the age of the oldest', async () => {
    await db.clock.freeze();
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'm', kind: 'map' },
        { slug: 'later', start_delay_ms: 600_000 },
      ],
    });
    await db.make.start('w', [1, 2, 3]);
    await (await db.make.worker()).claim({ capacity: 1 });
    await db.clock.advance(5_000);
    expect(await db.sql(`select * from workflow.queue_depths where queue = 'default' and priority = 'normal'`)).toEqual([
      { queue: 'default', priority: 'normal', depth: 3, visible: 2, in_flight: 1, oldest_seconds: expect.closeTo(5, 1) },
    ]);
  });

  it('shows an empty queue as empty', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', queue: 'shown_empty' }] });
    const rows = await db.sql(
      `select priority, depth, oldest_seconds from workflow.queue_depths where queue = 'shown_empty' order by priority`,
    );
    expect(rows).toEqual(['high', 'low', 'normal'].map((priority) => ({ priority, depth: 0, oldest_seconds: 0 })));
  });
});

describe('stuck_steps', () => {
  const stuck = () => db.sql('select workflow, step_slug, queue, tasks from workflow.stuck_steps order by workflow, step_slug');

  it('names steps that no live worker can run', async () => {
    await db.make.define('w', 'a', 'b');
    await db.make.worker({ runnableSteps: [['w', 'a']] });
    await db.make.start('w');
    expect(await stuck()).toEqual([{ workflow: 'w', step_slug: 'b', queue: 'default', tasks: 1 }]);
  });

  it('does not take the pair of another workflow for its own', async () => {
    await db.make.define('x', 'y', 'x');
    await db.make.define('y', 'x');
    await db.make.worker({ runnableSteps: [['x', 'y']] });
    await db.make.start('x');
    await db.make.start('y');
    expect(await stuck()).toEqual([
      { workflow: 'x', step_slug: 'x', queue: 'default', tasks: 1 },
      { workflow: 'y', step_slug: 'x', queue: 'default', tasks: 1 },
    ]);
  });

  it('does not count on a worker that fell silent, drains, or reads another queue', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    await db.make.worker({ runnableSteps: [['w', 'a']], queues: ['elsewhere'] });
    const draining = await db.make.worker({ runnableSteps: [['w', 'a']] });
    await db.call('deprecate_worker', [draining.id]);
    await db.make.worker({ runnableSteps: [['w', 'a']], heartbeatTimeoutMs: 6_000 });
    expect(await stuck()).toEqual([]);
    await db.clock.advance(6_001);
    expect(await stuck()).toHaveLength(1);
  });

  it('is empty where every step has somebody', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    await db.make.worker({ runnableSteps: [['w', 'a']] });
    expect(await stuck()).toEqual([]);
  });
});

describe('worker_states', () => {
  it('tells active, deprecated, silent and stopped apart', async () => {
    const [active, deprecated, silent, stopped] = [
      await db.make.worker(),
      await db.make.worker(),
      await db.make.worker({ heartbeatTimeoutMs: 6_000 }),
      await db.make.worker(),
    ];
    await db.call('deprecate_worker', [deprecated.id]);
    await db.call('stop_worker', [stopped.id]);
    await db.clock.advance(6_001);
    const states = new Map(
      (await db.sql<{ worker_id: string; state: string }>('select worker_id, state from workflow.worker_states')).map((row) => [
        row.worker_id,
        row.state,
      ]),
    );
    expect([active, deprecated, silent, stopped].map(({ id }) => states.get(id))).toEqual(['active', 'deprecated', 'silent', 'stopped']);
  });
});
