// Command lines against a server that writes down what it is asked: which request does a command make, and what does it show of the answer?
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { run } from '../src/index.js';

const RUN_ID = '0198c0de-0000-7000-8000-000000000001';
const ended = {
  run_id: RUN_ID,
  workflow: 'greet',
  version: 1,
  tenant_id: 'default',
  status: 'completed',
  progress: { steps_done: 1, steps_total: 1 },
  created_at: '2026-01-01T00:00:00Z',
  finished_at: '2026-01-01T00:00:01Z',
  input: { name: 'Ada' },
  output: { greet: { greeting: 'Hello, Ada!' } },
  error: null,
};

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

let server: Server;
let asked: Asked[];
let answers: Record<string, { status?: number; body: unknown }>;

beforeEach(async () => {
  asked = [];
  answers = {};
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(() => new Promise((closed) => server.close(closed)));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sent = await text(request);
  const path = decodeURIComponent(request.url ?? '');
  asked.push({ method: request.method ?? '', path, body: sent === '' ? undefined : JSON.parse(sent) });
  const nothing = { status: 404, body: { code: 'not_there', detail: path } };
  const { status = 200, body } = answers[`${request.method} ${path.split('?')[0]}`] ?? nothing;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function swf(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), read: async () => '{"from":"stdin"}' };
  const code = await run([...args, '--url', url], terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('swf start', () => {
  beforeEach(() => {
    answers['POST /api/workflows'] = {
      status: 202,
      body: { run_id: RUN_ID, status: 'started', executed_on: 'local', durability: 'local', existing: false },
    };
    answers[`GET /api/workflows/${RUN_ID}`] = { body: ended };
  });

  it('sends what its options say', async () => {
    const options = [
      '--tenant',
      'acme',
      '--input',
      '{"name":"Ada"}',
      '--key',
      'k1',
      '--priority',
      'high',
      '--label',
      'a=1',
      '--label',
      'b=x=y',
    ];
    const { code, out } = await swf('start', 'greet', ...options);
    expect(asked[0]?.body).toEqual({
      tenant_id: 'acme',
      workflow: 'greet',
      input: { name: 'Ada' },
      idempotency_key: 'k1',
      priority: 'high',
      labels: { a: '1', b: 'x=y' },
    });
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(new RegExp(`^run_id +status +existing\n${RUN_ID} +started +false$`)),
    });
  });

  it('reads its input from standard input', async () => {
    await swf('start', 'greet', '--input', '-');
    expect(asked[0]?.body).toMatchObject({ input: { from: 'stdin' } });
  });

  it('waits for the end and shows the output', async () => {
    const { code, out } = await swf('start', 'greet', '--wait', '5s');
    expect(asked[1]?.path).toMatch(/\?wait=\d+ms$/);
    expect(code).toBe(0);
    expect(out).toMatch(/output +\{"greet":\{"greeting":"Hello, Ada!"\}\}/);
  });

  it.each([
    [['start', 'greet', '--input', '{'], /--input is no JSON/],
    [['start', 'greet', '--label', 'x'], /A label is name=value/],
    [['start', 'greet', '--priority', 'urgent'], /Allowed choices are low, normal, high/],
    [['start', 'greet', '--wait', '5'], /A duration is like 500ms, 30s, 5m or 1h/],
    [['start'], /missing required argument 'workflow'/],
    [['begin'], /unknown command 'begin'/],
  ])('%j is a mistake that asks nobody', async (args, message) => {
    const { code, err } = await swf(...args);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(asked).toEqual([]);
  });
});

describe('swf wait', () => {
  it('exits with 2 when the run has failed, after showing why', async () => {
    answers[`GET /api/workflows/${RUN_ID}`] = {
      body: { ...ended, status: 'failed', output: null, error: { code: 'handler_failed', message: 'card declined' } },
    };
    const { code, out, err } = await swf('wait', RUN_ID);
    expect(code).toBe(2);
    expect(out).toMatch(/error +handler_failed: card declined/);
    expect(err).toMatch(`run ${RUN_ID} is failed`);
  });
});

it('says code and sentence of a refusal', async () => {
  answers[`GET /api/workflows/${RUN_ID}`] = { status: 404, body: { code: 'run_not_found', detail: `there is no run ${RUN_ID}` } };
  expect(await swf('get', RUN_ID)).toEqual({ code: 1, out: '', err: `error: run_not_found: there is no run ${RUN_ID}` });
});

it('lists runs by filter, as JSON where that is wanted', async () => {
  const page = { runs: [ended], next_cursor: 'abc' };
  answers['GET /api/workflows'] = { body: page };
  const plain = await swf('list', '--workflow', 'greet', '--status', 'failed', 'completed', '--label', 'a=1');
  expect(asked[0]?.path).toMatch(/workflow=greet/);
  expect(asked[0]?.path).toMatch(/label=a:1/);
  expect(plain.out).toMatch(new RegExp(`${RUN_ID} +greet +1 +default +completed +1/1`));
  expect(plain.err).toBe('more with --cursor abc');
  const json = await swf('list', '--json');
  expect(JSON.parse(json.out)).toEqual(page);
});

it('cancels each run that is named, with the reason', async () => {
  answers[`POST /api/workflows/${RUN_ID}/cancel`] = { body: { run_id: RUN_ID, status: 'cancelled', changed: true } };
  const { out } = await swf('cancel', RUN_ID, '--reason', 'typo');
  expect(asked).toMatchObject([{ body: { reason: 'typo' } }]);
  expect(out).toMatch(new RegExp(`${RUN_ID} +cancelled +true`));
});

it('retries from a step', async () => {
  answers[`POST /api/workflows/${RUN_ID}/retry`] = { body: { run_id: RUN_ID, status: 'started', changed: true } };
  await swf('retry', RUN_ID, '--from', 'charge');
  expect(asked[0]?.body).toEqual({ from: 'charge' });
});

it('draws a definition', async () => {
  answers['GET /api/definitions/greet'] = {
    body: { slug: 'greet', version: 1, definition: { slug: 'greet', steps: [{ slug: 'greet' }] }, mermaid: 'flowchart TD\n  greet' },
  };
  expect((await swf('definitions', 'show', 'greet', '--mermaid')).out).toBe('flowchart TD\n  greet');
  expect((await swf('definitions', 'show', 'greet')).out).toMatch(/greet +single +- +default +fail/);
});

describe('swf keys', () => {
  const key = {
    key_id: RUN_ID,
    name: 'shop',
    role: 'tenant',
    tenants: ['a', 'b'],
    created_at: '',
    expires_at: null,
    revoked_at: null,
    counts: true,
  };

  it('creates one and prints it', async () => {
    answers['POST /api/keys'] = { status: 201, body: { key_id: RUN_ID, key: 'swk_secret', decided: true } };
    const { out } = await swf('keys', 'create', 'shop', '--role', 'tenant', '--tenant', 'a', 'b', '--expires-at', '2030-01-01T00:00:00Z');
    expect(asked[0]?.body).toEqual({ name: 'shop', role: 'tenant', tenants: ['a', 'b'], expires_at: '2030-01-01T00:00:00Z' });
    expect(out).toMatch(/swk_secret +yes/);
  });

  it('lists them and revokes one', async () => {
    answers['GET /api/keys'] = { body: { keys: [key], next_cursor: null } };
    expect((await swf('keys', 'list')).out).toMatch(/shop +tenant +a b +never +yes/);
    answers[`DELETE /api/keys/${RUN_ID}`] = { status: 202, body: { key_id: RUN_ID, decided: false } };
    expect((await swf('keys', 'revoke', RUN_ID)).out).toMatch(/elsewhere when the log has it/);
  });

  it('refuses a role that there is not', async () => {
    expect(await swf('keys', 'create', 'shop', '--role', 'wizard')).toMatchObject({ code: 1 });
    expect(asked).toEqual([]);
  });
});

it('warns of work that nobody can run', async () => {
  const queue = { queue: 'default', priority: 'normal', depth: 3, visible: 3, in_flight: 0, oldest_seconds: 4.2 };
  answers['GET /api/queues'] = { body: { queues: [queue], stuck: [{ workflow: 'greet', step: 'greet', queue: 'default', tasks: 3 }] } };
  const { out, err } = await swf('queues');
  expect(out).toMatch(/default +normal +3 +3 +0 +4/);
  expect(err).toBe('nobody can run greet.greet: 3 tasks wait in default');
});
