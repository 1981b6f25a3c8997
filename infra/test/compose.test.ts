import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Compose, mistakesOf } from './compose.js';
import { composeCommand, infra, describeWith, root, run, textOf } from './tools.js';

const apps = readdirSync(join(root, 'apps'));
const text = textOf('infra/compose.yaml');
const read = (yaml: string): Compose => parse(yaml, { merge: true }) as Compose;
const command = composeCommand();
const lint = (file: string) => run([...command!, '--file', file, 'config', '--quiet']);

it('starts all services behind the migration, scalable, checked, open to this machine only, with no secret written down', () => {
  expect(mistakesOf(read(text), apps)).toEqual([]);
});

it.each([
  ['12345678', (yaml: string) => yaml.replace('${ROUTER_PASSWORD:-development}', '12345678'), /ROUTER_PASSWORD is written down/],
  [
    'a password in an address',
    (yaml: string) => yaml.replace('executor:${EXECUTOR_PASSWORD:-development}', 'executor:s3cret'),
    /DATABASE_URL is written/,
  ],
  ['an open port', (yaml: string) => yaml.replace('127.0.0.1:9090:', '9090:'), /9090:9090 is open/],
  ['one port for all routers', (yaml: string) => yaml.replace('4000-4009:8080', '4000:8080'), /router has one port/],
  ['no migration', (yaml: string) => yaml.replace('migrate: { condition: service_completed_successfully }', ''), /scheduler does not wait/],
  ['no health check', (yaml: string) => yaml.replace(/^ {4}healthcheck:\n( {6}.*\n)+/m, ''), /postgres has no health check/],
])('sees %s', (_what, plant, expected) => {
  expect(mistakesOf(read(plant(text)), apps).join('\n')).toMatch(expected);
});

describeWith('docker compose', command, () => {
  it('docker compose accepts it, and refuses it with a key that does not exist', () => {
    expect(lint(join(infra, 'compose.yaml'))).toMatchObject({ ok: true });
    const folder = mkdtempSync(join(tmpdir(), 'workflow-compose-'));
    try {
      writeFileSync(join(folder, 'compose.yaml'), text.replace('stop_grace_period', 'stop_gracious_period'));
      expect(lint(join(folder, 'compose.yaml'))).toMatchObject({ ok: false });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

it('mounts only what is there', () => {
  const mounted = [...text.matchAll(/^ +- (\.\/[\w./-]+):/gm), ...text.matchAll(/:-(\.\/[\w./-]+)\}/g)].map(([, path]) => path!);
  expect(mounted.length).toBeGreaterThan(5);
  for (const path of mounted) expect(() => readdirSync(join(infra, path, '..'))).not.toThrow();
  expect(mounted.filter((path) => !readdirSync(join(infra, path, '..')).includes(path.split('/').at(-1)!))).toEqual([]);
});
