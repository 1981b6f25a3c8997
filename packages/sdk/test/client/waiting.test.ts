import { createClient, type RunEvent } from '../../src/client/index.js';
import { json, problem, useStandIns } from './server.js';

const { standIn } = useStandIns();

describe('waitFor', () => {
  it('polls for the end, over answers that pass', async () => {
    const answers = [
      (response: Parameters<typeof json>[0]) => json(response, 200, { status: 'started' }),
      (response: Parameters<typeof json>[0]) => problem(response, 429, 'too_many_waiters'),
      (response: Parameters<typeof json>[0]) => problem(response, 503, 'draining'),
      (response: Parameters<typeof json>[0]) => void response.destroy(),
      (response: Parameters<typeof json>[0]) => json(response, 200, { status: 'completed', output: { a: 1 } }),
    ];
    const router = await standIn((_, response) => answers.shift()?.(response));
    const run = await createClient({ urls: [router.url], tries: 1 }).waitFor('r', { timeoutMs: 60_000 });

    expect(run.output).toEqual({ a: 1 });
    expect(router.asked[0]?.query.get('wait')).toBe('25000ms');
  });

  it('gives up when its time is over, and says what the run does', async () => {
    const router = await standIn((_, response) => json(response, 200, { status: 'paused' }));
    await expect(createClient({ urls: [router.url] }).waitFor('r', { timeoutMs: 30 })).rejects.toMatchObject({
      code: 'wait_timeout',
      message: expect.stringContaining('paused') as string,
    });
  });

  it('does not wait for a run that is not there', async () => {
    const router = await standIn((_, response) => problem(response, 404, 'run_not_found'));
    await expect(createClient({ urls: [router.url] }).waitFor('r')).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('stops by its signal', async () => {
    const router = await standIn(() => undefined);
    const leaving = new AbortController();
    const waiting = createClient({ urls: [router.url] }).waitFor('r', { signal: leaving.signal });
    leaving.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('events', () => {
  const frame = (id: string, type: string): string =>
    `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ event_id: id, type, run_id: 'r' })}\n\n`;
  const collect = async (events: AsyncIterable<RunEvent>): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { event_id: id } of events) ids.push(id);
    return ids;
  };
  const stream = { 'content-type': 'text/event-stream' };

  it('goes on after the last event when the connection breaks, on another address too, and passes each event on once', async () => {
    const first = await standIn((_, response) => {
      response.writeHead(200, stream);
      response.write('retry: 1000\n: connected\n\n' + frame('1', 'run_created') + frame('2', 'run_started'));
      response.write('id: 3\nevent: step_st'); // breaks off inside an event
      setImmediate(() => {
        response.destroy();
        void first.close();
      });
    });
    const second = await standIn((_, response) => {
      response
        .writeHead(200, stream)
        .end(frame('1', 'run_created') + frame('2', 'run_started') + frame('3', 'step_started') + frame('4', 'run_completed'));
    });
    const client = createClient({ urls: [first.url, second.url] });

    expect(await collect(client.events('r'))).toEqual(['1', '2', '3', '4']);
    expect(second.asked[0]?.headers['last-event-id']).toBe('2');
  });

  it('opens anew when the stream ends before the run', async () => {
    let connections = 0;
    const router = await standIn((_, response) => {
      connections += 1;
      response.writeHead(200, stream).end(frame(String(connections), connections === 3 ? 'run_failed' : 'task_started'));
    });
    expect(await collect(createClient({ urls: [router.url] }).events('r'))).toEqual(['1', '2', '3']);
    expect(router.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1', '2']);
  });

  it('ends at once when the server says that the last event was seen', async () => {
    const router = await standIn((_, response) => void response.writeHead(204).end());
    expect(await collect(createClient({ urls: [router.url] }).events('r', { after: '9' }))).toEqual([]);
    expect(router.asked[0]?.headers['last-event-id']).toBe('9');
  });

  it('fails for a run that is not there', async () => {
    const router = await standIn((_, response) => problem(response, 404, 'run_not_found'));
    await expect(collect(createClient({ urls: [router.url] }).events('r'))).rejects.toMatchObject({ status: 404, code: 'run_not_found' });
  });

  it('closes the connection when its reader has enough', async () => {
    let closed: () => void;
    const hasClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const router = await standIn((_, response) => {
      response.on('close', () => closed());
      response.writeHead(200, stream).write(frame('1', 'run_created'));
    });
    for await (const { event_id: id } of createClient({ urls: [router.url] }).events('r')) {
      expect(id).toBe('1');
      break;
    }
    await hasClosed;
  });

  it('stops by its signal while nothing comes', async () => {
    const router = await standIn((_, response) => void response.writeHead(200, stream).write(frame('1', 'run_created')));
    const leaving = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { event_id: id } of createClient({ urls: [router.url] }).events('r', { signal: leaving.signal })) {
        seen.push(id);
        leaving.abort(new Error('enough'));
      }
    })();
    await expect(reading).rejects.toThrow('enough');
    expect(seen).toEqual(['1']);
  });
});
