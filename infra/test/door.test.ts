// Process 1 of a container as it is: door/main.mjs with a service behind it that says what it was asked.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@singularity-workflow/testkit';
import { infra, root } from './tools.js';

const SERVICE = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/api/slow') { response.write('first\\n'); setTimeout(() => response.end('last\\n'), 300); return; }
  let body = '';
  request.on('data', (part) => (body += part));
  request.on('end', () => {
    const { HOST, PORT, API_TOKEN = null, METRICS_TOKEN = null, API_TOKEN_FILE = null } = process.env;
    response.setHeader('x-service', 'yes');
    response.end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers, body, HOST, API_TOKEN, METRICS_TOKEN, API_TOKEN_FILE, execArgv: process.execArgv }));
  });
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => setTimeout(() => process.exit(7), 200));
`;

let folder: string;
let door: ChildProcess | null;
let url: string;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workflow-door-'));
  writeFileSync(join(folder, 'service.mjs'), SERVICE);
  [door, said] = [null, ''];
});
afterEach(async () => {
  if (door !== null && door.exitCode === null && door.signalCode === null) await ended(door, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports as [number, number];
}

/** As in the image: node-arguments.json beside the folder `door`. */
async function open(env: Record<string, string>, entry = 'service.mjs'): Promise<void> {
  const [doorPort, port] = await freePorts();
  url = `http://127.0.0.1:${doorPort}`;
  cpSync(join(infra, 'docker/door'), join(folder, 'door'), { recursive: true });
  cpSync(join(root, 'scripts/up/node-arguments.json'), join(folder, 'node-arguments.json'));
  door = spawn(process.execPath, [join(folder, 'door/main.mjs'), join(folder, entry)], {
    env: { PATH: process.env['PATH'], DOOR_PORT: String(doorPort), PORT: String(port), ...env },
  });
  for (const stream of [door.stdout!, door.stderr!]) stream.on('data', (part: Buffer) => (said += part.toString()));
}

const statusOf = async (path: string, token?: string, method = 'GET') =>
  (await fetch(`${url}${path}`, { method, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })).status;
const ready = () =>
  waitFor(async () => (await statusOf('/health/ready').catch(() => 0)) === 200, { until: 'the service answers through the door' });

function ended(process: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const gone = new Promise<number | null>((resolve) => process.once('exit', resolve));
  process.kill(signal);
  return gone;
}

it('opens each path to whoever has its token, and to nobody else', async () => {
  await open({ API_TOKEN: 'token-of-the-api', METRICS_TOKEN: 'token-of-metrics' });
  await ready();
  const asked = async (path: string, method?: string) => [
    await statusOf(path, undefined, method),
    await statusOf(path, 'token-of-metrics', method),
    await statusOf(path, 'token-of-the-api', method),
    await statusOf(path, 'token-of-the-apj', method),
  ];
  expect(await asked('/health/live')).toEqual([200, 200, 200, 200]);
  expect(await asked('/health/ready?x=1')).toEqual([200, 200, 200, 200]);
  expect(await asked('/health/ready', 'POST')).toEqual([401, 401, 200, 401]);
  expect(await asked('/metrics')).toEqual([401, 200, 200, 401]);
  expect(await asked('/health')).toEqual([401, 200, 200, 401]);
  expect(await asked('/api/workflows')).toEqual([401, 401, 200, 401]);
  expect(await asked('/health/live/..%2f..%2fapi/workflows')).toEqual([401, 401, 200, 401]);
  expect(await asked('//metrics')).toEqual([401, 401, 200, 401]);
});

it('lets nobody in by a token that is not set', async () => {
  await open({});
  await ready();
  expect(await statusOf('/api/workflows')).toBe(403);
  expect(await statusOf('/api/workflows', 'undefined')).toBe(403);
  expect(await statusOf('/metrics', 'null')).toBe(403);
});

it('hands on method, path and body, and neither the token nor what it was given in its environment', async () => {
  writeFileSync(join(folder, 'token'), 'token-from-a-file\n');
  await open({ API_TOKEN_FILE: join(folder, 'token'), METRICS_TOKEN: 'token-of-metrics' });
  await ready();
  const answer = await fetch(`${url}/api/workflows?wait=1s`, {
    method: 'POST',
    headers: { authorization: 'Bearer token-from-a-file', 'idempotency-key': 'k' },
    body: '{"a":1}',
  });
  expect(answer.headers.get('x-service')).toBe('yes');
  const seen = (await answer.json()) as { headers: Record<string, string> };
  const hidden = { API_TOKEN: null, METRICS_TOKEN: null, API_TOKEN_FILE: null };
  expect(seen).toMatchObject({ url: '/api/workflows?wait=1s', method: 'POST', body: '{"a":1}', HOST: '127.0.0.1', ...hidden });
  expect(seen.headers).toMatchObject({ 'idempotency-key': 'k' });
  expect(seen.headers['authorization']).toBeUndefined();
  expect(seen).toMatchObject({ execArgv: ['--enable-source-maps', '--max-semi-space-size=8'] });
});

it('hands on the first part of an answer before there is a last', async () => {
  await open({ API_TOKEN: 'token-of-the-api' });
  await ready();
  const { body } = await fetch(`${url}/api/slow`, { headers: { authorization: 'Bearer token-of-the-api' } });
  const reader = body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('first\n');
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('last\n');
});

it('hands a signal on, stays open while the service drains, and exits as it does', async () => {
  await open({ API_TOKEN: 'token-of-the-api' });
  await ready();
  const gone = ended(door!, 'SIGTERM');
  expect(await statusOf('/health/live')).toBe(200);
  expect(await gone).toBe(7);
});

it('says 503 while the service does not listen, and ends when it cannot be started', async () => {
  writeFileSync(join(folder, 'silent.mjs'), 'setInterval(() => {}, 1000);');
  await open({ API_TOKEN: 'token-of-the-api' }, 'silent.mjs');
  await waitFor(async () => (await statusOf('/health/ready').catch(() => 0)) === 503, { until: 'the door answers' });
  await ended(door!, 'SIGTERM');
  await open({}, 'missing.mjs');
  expect(await new Promise((resolve) => door!.once('exit', resolve))).toBe(1);
});

it.each([
  [{ API_TOKEN: 'short' }, 'API_TOKEN: a token is at least 8 characters'],
  [{ METRICS_TOKEN_FILE: '/nowhere/token' }, 'no such file'],
  [{ DOOR_PORT: '80800' }, 'DOOR_PORT=80800: must be a port'],
])('refuses %j', async (env: Record<string, string>, why) => {
  await open(env);
  expect(await new Promise((resolve) => door!.once('exit', resolve))).toBe(1);
  expect(said).toContain(why);
});
