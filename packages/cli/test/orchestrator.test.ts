// Command lines against a server that writes down what it is asked.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { run } from '../src/index.js';

const ID = '0198c0de-0000-7000-8000-000000000002';
const asked: [line: string, body: unknown][] = [];
let command: { command_id: string; kind: string; state: string; outcome: string | null; group: string | null };
let looks: number;
let server: Server;

beforeEach(async () => {
  asked.length = 0;
  looks = 0;
  command = { command_id: ID, kind: 'promote', state: 'requested', outcome: null, group: 'standby' };
  server = createServer((request, response) => {
    void text(request).then((sent) => {
      asked.push([`${request.method} ${request.url}`, sent === '' ? undefined : JSON.parse(sent)]);
      const ends = request.method === 'GET' && request.url?.includes('/commands/') === true && (looks += 1) > 1;
      if (ends) command = { ...command, state: 'done', outcome: 'standby leads with token 8', ...failure };
      const events = {
        events: [{ at: '2026-01-01T00:00:00Z', kind: 'fenced', subject: 'scheduler', reason: 'because' }],
        next_cursor: null,
      };
      const leaders = {
        leases: [{ name: 'scheduler', leader: 'w', leader_state: 'active', token: 3 }],
        groups: [],
        commands: [command],
        split_brains: [],
      };
      const answer = request.url?.includes('events') ? events : request.url === '/admin/orchestrator' ? leaders : command;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
let failure: object = {};
afterEach(() => {
  failure = {};
  return new Promise((closed) => server.close(closed));
});

async function swf(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), read: async () => '' };
  const code = await run(['orchestrator', ...args, '--url', url], terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

it('promote asks for a hand-over and waits for its end', async () => {
  const { code, out } = await swf('promote', '--group', 'standby', '--drain', '2s', '--reason', 'maintenance');
  expect(asked[0]).toEqual(['POST /admin/orchestrator/promote', { group: 'standby', drain_ms: 2_000, reason: 'maintenance' }]);
  expect([code, out]).toEqual([0, expect.stringContaining('standby leads with token 8')]);
});

it('promote ends with an error when it failed, and at once with --no-wait', async () => {
  failure = { state: 'failed', outcome: 'standby did not take over in time' };
  expect(await swf('promote')).toMatchObject({
    code: 2,
    err: expect.stringContaining('promote failed: standby did not take over in time'),
  });
  asked.length = 0;
  await swf('promote', '--no-wait');
  expect(asked).toHaveLength(1);
});

it('stop and fence say whom they mean', async () => {
  await swf('stop', '--worker', ID, '--no-wait');
  await swf('fence', '--lease', 'scheduler', '--no-wait');
  expect(asked).toEqual([
    ['POST /admin/orchestrator/stop', { worker_id: ID }],
    ['POST /admin/orchestrator/fence', { lease: 'scheduler' }],
  ]);
});

it('status shows who leads and what is under way; events what was decided', async () => {
  const { out, err } = await swf('status');
  expect(out).toMatch(/scheduler +w +active +3/);
  expect(err).toBe(`promote is requested (${ID})`);
  expect((await swf('events')).out).toContain('because');
});
