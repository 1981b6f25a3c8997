// swf schedule ...: which request does a command make, and what does it show of the answer?
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { run } from '../src/index.js';

const nightly = {
  tenant_id: 'acme',
  name: 'nightly',
  cron: '30 2 * * *',
  time_zone: 'Europe/Berlin',
  workflow: 'report',
  version: null,
  input: { n: 1 },
  labels: { team: 'x' },
  priority: 'normal',
  catch_up: 'all',
  catch_up_max: 100,
  jitter_ms: 30_000,
  paused: false,
  next_fire_at: '2026-12-01T01:30:00.000Z',
  due_at: '2026-12-01T01:30:12.345Z',
  last_slot_at: null,
  last_run_id: null,
  last_error: null,
  created_at: '2026-11-30T00:00:00.000Z',
  updated_at: '2026-11-30T00:00:00.000Z',
};

let server: Server;
let asked: [request: string, body: unknown][];
let answered: { status: number; body?: unknown };

beforeEach(async () => {
  asked = [];
  answered = { status: 200, body: nightly };
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(() => new Promise((closed) => server.close(closed)));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sent = await text(request);
  asked.push([`${request.method} ${request.url}`, sent === '' ? undefined : JSON.parse(sent)]);
  response.writeHead(answered.status, { 'content-type': 'application/json' });
  response.end(answered.body === undefined ? undefined : JSON.stringify(answered.body));
}

async function swf(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), read: async () => '{"from":"stdin"}' };
  const code = await run(['schedule', ...args, '--url', url], terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

it('creates one with what its options say', async () => {
  const where = ['--tenant', 'acme', '--cron', '30 2 * * *', '--time-zone', 'Europe/Berlin', '--workflow', 'report'];
  const what = ['--input', '-', '--workflow-version', '3', '--priority', 'low', '--label', 'team=x'];
  const how = ['--catch-up', 'all', '--catch-up-max', '7', '--jitter', '30s'];
  const { code, out } = await swf('create', 'nightly', ...where, ...what, ...how);
  expect(asked).toEqual([
    [
      'POST /api/schedules',
      {
        tenant_id: 'acme',
        name: 'nightly',
        cron: '30 2 * * *',
        time_zone: 'Europe/Berlin',
        workflow: 'report',
        input: { from: 'stdin' },
        version: 3,
        priority: 'low',
        labels: { team: 'x' },
        catch_up: 'all',
        catch_up_max: 7,
        jitter_ms: 30_000,
        paused: false,
      },
    ],
  ]);
  expect(code).toBe(0);
  expect(out).toMatch(/cron +30 2 \* \* \* in Europe\/Berlin/);
  expect(out).toMatch(/catch_up +all, at most 100/);
});

it('changes only what is given', async () => {
  await swf('update', 'nightly', '--workflow-version', 'active', '--input', 'null');
  expect(asked).toEqual([['PUT /api/schedules/nightly?tenant_id=default', { version: null, input: null }]]);
});

it.each([
  [['show', 'nightly'], 'GET /api/schedules/nightly?tenant_id=default', undefined],
  [['pause', 'nightly', '-t', 'acme'], 'PUT /api/schedules/nightly?tenant_id=acme', { paused: true }],
  [['resume', 'nightly'], 'PUT /api/schedules/nightly?tenant_id=default', { paused: false }],
])('%j shows how it stands', async (args, request, body) => {
  const { code, out } = await swf(...args);
  expect(asked).toEqual([[request, body]]);
  expect(code).toBe(0);
  expect(out).toMatch(/next +2026-12-01T01:30:00.000Z/);
});

it('runs one now, with a key where one is given', async () => {
  answered = { status: 202, body: { run_id: 'r1', status: 'started', existing: false } };
  const { out } = await swf('run', 'nightly', '--key', 'k');
  expect(asked).toEqual([['POST /api/schedules/nightly/run?tenant_id=default', { idempotency_key: 'k' }]]);
  expect(out).toMatch(/r1 +started +false/);
});

it('deletes one', async () => {
  answered = { status: 204 };
  expect(await swf('delete', 'nightly')).toEqual({ code: 0, out: 'nightly is deleted', err: '' });
  expect(asked).toEqual([['DELETE /api/schedules/nightly?tenant_id=default', undefined]]);
});

it('lists them, with what went wrong last', async () => {
  const { input: _, ...summary } = nightly;
  const failing = {
    ...summary,
    name: 'failing',
    last_error: { code: 'unknown_workflow', message: 'x' },
    last_slot_at: '2026-11-30T01:30:00.000Z',
  };
  answered.body = { schedules: [{ ...summary, paused: true, next_fire_at: null }, failing], next_cursor: 'abc' };
  const { out, err } = await swf('list', '--tenant', 'acme', '--limit', '2');
  expect(asked).toEqual([['GET /api/schedules?tenant_id=acme&limit=2', undefined]]);
  expect(out).toMatch(/nightly +acme +30 2 \* \* \* +Europe\/Berlin +report +paused/);
  expect(out).toMatch(/failing .* unknown_workflow/);
  expect(err).toBe('more with --cursor abc');
});

it('says code and sentence of a refusal', async () => {
  answered = { status: 422, body: { code: 'bad_cron', detail: 'the cron expression "x" cannot be used' } };
  const { code, err } = await swf('create', 'nightly', '--cron', 'x', '--workflow', 'w');
  expect({ code, err }).toEqual({ code: 1, err: 'error: bad_cron: the cron expression "x" cannot be used' });
});

it.each([
  [['create', 'nightly', '--workflow', 'w'], /required option '-c, --cron/],
  [['create', '--cron', '@daily', '--workflow', 'w'], /missing required argument 'name'/],
  [['create', 'n', '--cron', '@daily', '--workflow', 'w', '--catch-up', 'some'], /Allowed choices are none, one, all/],
  [['create', 'n', '--cron', '@daily', '--workflow', 'w', '--jitter', '5'], /A duration is like/],
  [['update', 'n', '--workflow-version', 'latest'], /It must be a whole number/],
])('%j is a mistake that asks nobody', async (args, message) => {
  const { code, err } = await swf(...args);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringMatching(message) });
  expect(asked).toEqual([]);
});
