import { Readable } from 'node:stream';
import { waitFor } from '@singularity-workflow/testkit';
import { type Forward, Forwarder, headersOn, HOP_HEADER, Unanswered } from '../../src/forward/forwarder.js';
import { freePortOf } from '../support/router.js';
import { json, Upstream } from '../support/upstream.js';

let upstream: Upstream;
let other: Upstream;
const forwarders: Forwarder[] = [];

beforeEach(async () => {
  [upstream, other] = [await Upstream.start(), await Upstream.start()];
});
afterEach(async () => {
  await Promise.all(forwarders.splice(0).map((forwarder) => forwarder.close()));
  await Promise.all([upstream.close(), other.close()]);
});

function forwarderTo(...urls: string[]): Forwarder {
  const forwarder = new Forwarder({ urls, self: 'here/1' });
  forwarders.push(forwarder);
  return forwarder;
}

const nobodyAt = async (): Promise<string> => `http://127.0.0.1:${await freePortOf()}`;

const forward = (rest: Partial<Forward> = {}): Forward => ({
  method: 'POST',
  path: '/api/workflows?wait=1s',
  headers: { 'content-type': 'application/json' },
  body: '{"a":1}',
  repeatable: true,
  timeoutMs: 20_000,
  gone: new AbortController().signal,
  ...rest,
});

const textOf = (body: Buffer | Readable): string => (body as Buffer).toString();

async function unanswered(sending: Promise<unknown>): Promise<Unanswered> {
  const error: unknown = await sending.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Unanswered) return error;
  throw new Error(`not Unanswered: ${String(error)}`);
}

describe('what is forwarded', () => {
  it('arrives with its method, path, query, headers and bytes, and says who forwarded it', async () => {
    upstream.answers((_request, response) => json(response, 202, { run_id: 'x' }, { 'retry-after': '3', 'x-other': 'no', server: 'no' }));
    const body = Buffer.from('{ "a":\t1, "ü": "☃" }');
    const headers = headersOn({
      'content-type': 'application/json',
      authorization: 'Bearer key',
      'idempotency-key': 'k',
      'last-event-id': 'e',
      traceparent: '00-1',
      cookie: 'no',
      connection: 'close',
      host: 'here',
      [HOP_HEADER]: 'somebody/2',
    });
    const answer = await forwarderTo(`${upstream.url}/below`).send(forward({ body, headers }));
    expect(answer).toMatchObject({ status: 202, headers: { 'content-type': 'application/json', 'retry-after': '3' } });
    expect(Object.keys(answer.headers).toSorted()).toEqual(['content-type', 'retry-after']);
    expect(JSON.parse(textOf(answer.body))).toEqual({ run_id: 'x' });
    expect(upstream.got).toMatchObject([
      {
        method: 'POST',
        url: '/below/api/workflows?wait=1s',
        body: body.toString(),
        headers: {
          authorization: 'Bearer key',
          'idempotency-key': 'k',
          'last-event-id': 'e',
          traceparent: '00-1',
          'content-type': 'application/json',
          [HOP_HEADER]: 'here/1',
          host: new URL(upstream.url).host,
        },
      },
    ]);
    expect(upstream.got[0]!.headers).not.toHaveProperty('cookie');
  });

  it('brings refusals back as they are', async () => {
    const problem = { type: 'urn:x', code: 'idempotency_conflict', status: 409 };
    upstream.answers((_request, response) => json(response, 409, problem, { 'content-type': 'application/problem+json' }));
    const answer = await forwarderTo(upstream.url).send(forward());
    expect(answer).toMatchObject({ status: 409, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(textOf(answer.body))).toEqual(problem);
  });

  it('passes an event stream on while it comes, longer than the time for its beginning', async () => {
    let end = (): void => undefined;
    upstream.answers((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(': connected\n\n');
      end = () => response.end('data: last\n\n');
    });
    const answer = await forwarderTo(upstream.url).send(forward({ method: 'GET', body: undefined, timeoutMs: 2_000 }));
    expect(answer.body).toBeInstanceOf(Readable);
    const parts: string[] = [];
    const stream = (answer.body as Readable).on('data', (part: Buffer) => parts.push(part.toString()));
    const ended = new Promise((resolve) => stream.once('end', resolve));
    await waitFor(() => parts.join('').includes('connected'), { until: 'the beginning has come' });
    const beganAtMs = performance.now();
    await waitFor(() => performance.now() - beganAtMs > 2_200, { until: 'the time for the beginning is over' });
    end();
    await ended;
    expect(parts.join('')).toBe(': connected\n\ndata: last\n\n');
  });
});

describe('where nobody answers', () => {
  it('says that nothing was sent when nobody listens, and does not wait long', async () => {
    expect(await unanswered(forwarderTo(await nobodyAt(), await nobodyAt()).send(forward()))).toMatchObject({ sent: false });
  });

  it('takes the next address, for whatever is forwarded, and stays with it', async () => {
    const forwarder = forwarderTo(await nobodyAt(), upstream.url);
    expect(await forwarder.send(forward({ repeatable: false }))).toMatchObject({ status: 200 });
    expect(await forwarder.send(forward({ repeatable: false }))).toMatchObject({ status: 200 });
    expect(upstream.got).toHaveLength(2);
  });

  it('sends again, to the next address, what may be repeated and lost its answer; with the same bytes', async () => {
    upstream.losesNextAnswer();
    expect(await forwarderTo(upstream.url, other.url).send(forward())).toMatchObject({ status: 200 });
    expect([upstream.got.length, other.got.length]).toEqual([1, 1]);
    expect(other.got[0]).toMatchObject({ body: upstream.got[0]!.body, url: upstream.got[0]!.url });
  });

  it('sends again to the only address there is', async () => {
    upstream.losesNextAnswer();
    expect(await forwarderTo(upstream.url).send(forward())).toMatchObject({ status: 200 });
    expect(upstream.got).toHaveLength(2);
  });

  it('never sends again what may not be repeated and may have arrived', async () => {
    upstream.losesNextAnswer();
    expect(await unanswered(forwarderTo(upstream.url, other.url).send(forward({ repeatable: false })))).toMatchObject({ sent: true });
    expect([upstream.got.length, other.got.length]).toEqual([1, 0]);
  });

  it('counts an answer that breaks off as lost', async () => {
    upstream.answers((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"run_id":');
      response.once('finish', () => undefined);
      setImmediate(() => request.socket.destroy());
    });
    other.answers((_request, response) => json(response, 200, { whole: true }));
    const answer = await forwarderTo(upstream.url, other.url).send(forward());
    expect(JSON.parse(textOf(answer.body))).toEqual({ whole: true });
  });

  it('gives up when the time is over, though the connection stands', async () => {
    upstream.answers(() => undefined);
    expect(await unanswered(forwarderTo(upstream.url).send(forward({ timeoutMs: 200 })))).toMatchObject({
      sent: true,
      reason: expect.stringContaining('no answer in time'),
    });
  });

  it('asks elsewhere when an address says that it cannot now, and otherwise hands that answer on', async () => {
    upstream.answers((_request, response) => json(response, 503, { code: 'draining' }, { 'retry-after': '1' }));
    expect(await forwarderTo(upstream.url, other.url).send(forward())).toMatchObject({ status: 200 });
    const alone = await forwarderTo(upstream.url).send(forward());
    expect(alone).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(textOf(alone.body))).toEqual({ code: 'draining' });
    const once = await forwarderTo(upstream.url, other.url).send(forward({ repeatable: false }));
    expect(once).toMatchObject({ status: 503 });
    expect(other.got).toHaveLength(1);
  });

  it('ends with the client', async () => {
    const client = new AbortController();
    upstream.answers(() => client.abort(new Error('the client went away')));
    await expect(forwarderTo(upstream.url).send(forward({ gone: client.signal }))).rejects.toThrow('the client went away');
    expect(upstream.got).toHaveLength(1);
  });
});

describe('a look at the addresses', () => {
  it('finds the one that is ready', async () => {
    const forwarder = forwarderTo(await nobodyAt(), upstream.url);
    expect(await forwarder.probe(10_000)).toMatchObject({ address: upstream.url, latencyMs: expect.any(Number) });
    expect(upstream.got).toMatchObject([{ method: 'GET', url: '/health/ready' }]);
  });

  it('says of each why it is not', async () => {
    upstream.answers((_request, response) => json(response, 503, {}));
    const nobody = await nobodyAt();
    await expect(forwarderTo(nobody, upstream.url).probe(10_000)).rejects.toThrow(
      new RegExp(`^${nobody}: .*ECONNREFUSED.*; ${upstream.url} is not ready \\(503\\)$`),
    );
  });
});
