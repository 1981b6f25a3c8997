import { useTestDatabase } from '@singularity-workflow/testkit';

interface Event {
  event_id: string;
  at: Date;
  rank: number;
  type: string;
  step_slug: string | null;
  task_index: number | null;
  attempt: number | null;
  detail: Record<string, unknown>;
}

const db = useTestDatabase();
const eventsOf = (runId: string) =>
  db.sql<Event>('select * from workflow.run_events where run_id = $1 order by at, rank, event_id', [runId]);
const told = (events: Event[]) => events.map(({ type, step_slug }) => (step_slug ? `${type} ${step_slug}` : type));

describe('run_events', () => {
  it('tells a run from its creation to its end, causes before effects even at one instant', async () => {
    await db.clock.freeze();
    await db.make.define({ slug: 'w', steps: [{ slug: 'b', depends_on: ['a'] }, { slug: 'a' }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), 1);
    await worker.complete(await worker.claimOne(), 2);
    expect(told(await eventsOf(runId))).toEqual([
      'run_created',
      'run_started',
      'step_started a',
      'task_started a',
      'task_completed a',
      'step_completed a',
      'step_started b',
      'task_started b',
      'task_completed b',
      'step_completed b',
      'run_completed',
    ]);
  });

  it('keeps every failed attempt', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.fail(await worker.claimOne(), { message: 'first' });
    await worker.fail(await worker.claimOne(), { message: 'second' });
    const failed = (await eventsOf(runId)).filter(({ type }) => type === 'attempt_failed');
    expect(failed.map(({ attempt, detail }) => [attempt, (detail['error'] as { message: string }).message])).toEqual([
      [1, 'first'],
      [2, 'second'],
    ]);
  });

  it('has ids that do not change between reads, and no two alike', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const runId = await db.make.start('w', Array(20).fill(0));
    const worker = await db.make.worker();
    await worker.completeAll((await worker.claim()).map((task) => [task, 1]));
    const [first, second] = [await eventsOf(runId), await eventsOf(runId)];
    expect(second.map(({ event_id }) => event_id)).toEqual(first.map(({ event_id }) => event_id));
    expect(new Set(first.map(({ event_id }) => event_id)).size).toBe(first.length);
  });

  it('puts a whole chain of empty maps in order although all happened in one instant', async () => {
    const chain = Array.from({ length: 30 }, (_, i) => ({ slug: `m${i}`, kind: 'map' as const, ...(i > 0 ? { over: `m${i - 1}` } : {}) }));
    await db.make.define({ slug: 'w', steps: chain.toReversed() });
    const runId = await db.make.start('w', []);
    const completed = (await eventsOf(runId)).filter(({ type }) => type === 'step_completed').map(({ step_slug }) => step_slug);
    expect(completed).toEqual(chain.map(({ slug }) => slug));
  });

  it('never dates an effect before its cause when a call had to wait for another', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }, { slug: 'j', depends_on: ['a', 'b'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const [first, second] = await worker.claim();
    const [holding, waiting] = [await db.session(), await db.session()];
    await holding.begin();
    await holding.sql('select workflow.lock_runs($1)', [[runId]]);
    const pending = waiting.start(() => worker.using(waiting).complete(first!, 1)); // begins first, ends last
    await waiting.waitUntilBlocked();
    await worker.using(holding).complete(second!, 2);
    await holding.commit();
    await pending;
    const steps = new Map((await db.make.steps(runId)).map((step) => [step.step_slug, step]));
    const started = (steps.get('j')!['started_at'] as Date).getTime();
    for (const slug of ['a', 'b']) expect((steps.get(slug)!['finished_at'] as Date).getTime()).toBeLessThanOrEqual(started);
  });
});
