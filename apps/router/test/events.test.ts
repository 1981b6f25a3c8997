import { waitFor } from '@singularity-workflow/testkit';
import { useRouter } from './support/router.js';

const router = useRouter();
const { db } = router;

interface Event {
  id: string;
  type: string;
  data: { step: string | null; task_index: number | null; at: string };
}

/** An open stream: what came so far, and a promise of its end. */
class Listening {
  readonly events: Event[] = [];
  readonly ended: Promise<void>;
  text = '';
  private readonly abort = new AbortController();
  status = 0;
  type: string | null = null;

  constructor(runId: string, lastEventId?: string) {
    this.ended = this.read(runId, lastEventId);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(runId: string, lastEventId: string | undefined): Promise<void> {
    const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const response = await fetch(`${router.client.origin}/api/workflows/${runId}/events`, { headers, signal: this.abort.signal });
    this.status = response.status;
    this.type = response.headers.get('content-type');
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const text = decoder.decode(chunk, { stream: true });
      this.text += text;
      rest += text;
      const frames = rest.split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) this.take(frame);
    }
  }

  private take(frame: string): void {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1];
    const data = field('data');
    if (data !== undefined)
      this.events.push({ id: field('id') ?? '', type: field('event') ?? '', data: JSON.parse(data) as Event['data'] });
  }
}

const names = (events: Event[]): string[] => events.map(({ type, data }) => (data.step === null ? type : `${type} ${data.step}`));

beforeEach(async () => {
  await db.make.define({ slug: 'two', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
});

async function runToEnd(runId: string): Promise<void> {
  const worker = await db.make.worker();
  for (let done = false; !done; done = (await db.make.run(runId)).status === 'completed') {
    const tasks = await worker.claim();
    await worker.completeAll(tasks.map((task) => [task, 'done'] as const));
  }
}

describe('the events of a run', () => {
  it('come live, once each, parents before children, and end with the run', async () => {
    const runId = await router.client.start('two');
    const stream = new Listening(runId);
    await waitFor(() => stream.events.length > 0, { until: 'the first event came' });
    await runToEnd(runId);
    await stream.ended;
    expect({ status: stream.status, type: stream.type }).toEqual({ status: 200, type: 'text/event-stream; charset=utf-8' });
    const seen = names(stream.events);
    expect(new Set(stream.events.map(({ id }) => id)).size).toBe(seen.length);
    const order = ['run_created', 'run_started', 'step_started a', 'task_started a', 'task_completed a', 'step_completed a'];
    const rest = ['step_started b', 'task_started b', 'task_completed b', 'step_completed b', 'run_completed'];
    expect(seen).toEqual([...order, ...rest]);
  });

  it('go on after the last one received', async () => {
    const runId = await router.client.start('two');
    await runToEnd(runId);
    const whole = new Listening(runId);
    await whole.ended;
    const middle = 4;
    const rest = new Listening(runId, whole.events[middle]!.id);
    await rest.ended;
    expect(rest.events.map(({ id }) => id)).toEqual(expect.arrayContaining(whole.events.slice(middle + 1).map(({ id }) => id)));
    expect(rest.events.map(({ id }) => id)).not.toContain(whole.events[middle]!.id);
  });

  it('are over for who has the last one', async () => {
    const runId = await router.client.start('two');
    await runToEnd(runId);
    const whole = new Listening(runId);
    await whole.ended;
    const again = new Listening(runId, whole.events.at(-1)!.id);
    await again.ended;
    expect({ status: again.status, events: again.events }).toEqual({ status: 204, events: [] });
  });

  it('begin anew for who names an event that is not there', async () => {
    const runId = await router.client.start('two');
    await runToEnd(runId);
    const stream = new Listening(runId, 'never-sent');
    await stream.ended;
    expect(names(stream.events)[0]).toBe('run_created');
  });

  it('are not missed where they are committed behind others that were sent', async () => {
    const runId = await router.client.start('two');
    const worker = await db.make.worker();
    const stream = new Listening(runId);
    await waitFor(() => stream.events.length > 0, { until: 'the first event came' });
    const late = await db.session();
    await late.begin();
    await late.sql(
      `insert into workflow.step_attempts (run_id, step_slug, task_index, attempt, home_epoch, written_tick, reported, error, failed_at)
       values ($1, 'a', 0, 99, 1, 1, true, '{"code": "late", "message": "late"}', workflow.clock())`,
      [runId],
    );
    await worker.claimOne();
    await waitFor(() => names(stream.events).includes('task_started a'), { until: 'a later event came' });
    expect(names(stream.events)).not.toContain('attempt_failed a');
    await late.commit();
    await waitFor(() => names(stream.events).includes('attempt_failed a'), { until: 'the late event came' });
    stream.close();
    await stream.ended.catch(() => undefined);
  });

  it('of a large map come completely, each once', async () => {
    const tasks = 1_500;
    await db.make.define({ slug: 'fan', steps: [{ slug: 'each', kind: 'map' }] });
    const runId = await router.client.start(
      'fan',
      Array.from({ length: tasks }, (_, i) => i),
    );
    const stream = new Listening(runId);
    const worker = await db.make.worker();
    for (let left = tasks; left > 0;) {
      const claimed = await worker.claim({ capacity: 500 });
      await worker.completeAll(claimed.map((task) => [task, null] as const));
      left -= claimed.length;
    }
    await stream.ended;
    const of = (type: string): number => stream.events.filter((event) => event.type === type).length;
    expect([of('task_started'), of('task_completed'), of('run_completed'), stream.events.length]).toEqual([tasks, tasks, 1, 2 * tasks + 5]);
    expect(stream.events.at(-1)!.type).toBe('run_completed');
  });

  it('are refused beyond 200 streams, by name', async () => {
    const runId = await router.client.start('two');
    const streams = Array.from({ length: 200 }, () => new Listening(runId));
    await waitFor(() => streams.every((stream) => stream.events.length > 0), { until: 'all streams are open' });
    expect(await router.client.get(`/api/workflows/${runId}/events`)).toMatchObject({ status: 429, body: { code: 'too_many_streams' } });
    for (const stream of streams) stream.close();
    await Promise.allSettled(streams.map((stream) => stream.ended));
    const another = new Listening(runId);
    await waitFor(async () => (await router.client.get('/health/live')).status === 200 && another.events.length > 0, {
      until: 'there is room again',
    });
    another.close();
    await another.ended.catch(() => undefined);
  });
});
