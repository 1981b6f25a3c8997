// The region's database as a cluster: its templates, and, where a machine has the packages, a cluster that is made of them (infra/patroni/up.mjs),
// on which the runbook's commands are tried.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Database } from '@singularity-workflow/core';
import { waitFor } from '@singularity-workflow/testkit';
import { parse } from 'yaml';
import { FOLDER, pages } from './runbooks.js';
import { describeWith, infra, programPath, run, textOf } from './tools.js';

interface Dcs {
  readonly ttl: number;
  readonly loop_wait: number;
  readonly retry_timeout: number;
  readonly synchronous_mode: boolean;
  readonly ignore_slots: readonly object[];
}

const template = (): { bootstrap: { dcs: Dcs } } => parse(textOf('infra/patroni/patroni.yml').replaceAll(/\$\{\w+\}/g, 'x')) as never;

it('waits for a standby before a commit is answered, and keeps times that fit together', () => {
  const { ttl, loop_wait, retry_timeout, synchronous_mode } = template().bootstrap.dcs;
  expect(synchronous_mode).toBe(true);
  expect(loop_wait + 2 * retry_timeout).toBeLessThanOrEqual(ttl);
});

it('explains each place that is to be filled in', () => {
  const places = ['patroni.yml', 'haproxy.cfg', 'pgbouncer.ini'].flatMap(
    (file) => textOf(`infra/patroni/${file}`).match(/\$\{\w+\}/g) ?? [],
  );
  const explained = textOf('infra/patroni/README.md');
  expect(places.length).toBeGreaterThan(10);
  expect([...new Set(places)].filter((place) => !explained.includes(`\`${place.slice(2, -1)}\``))).toEqual([]);
});

/** What the script prints: where the cluster is. */
interface Printed {
  readonly adminUrl: string;
  readonly configs: readonly string[];
  readonly folders: readonly string[];
}

const programs = ['patroni', 'patronictl', 'etcd', 'haproxy'].map((name) => programPath(name, ['/usr/sbin']));
const all = programs.flatMap((program) => program ?? []);

describeWith('Patroni, etcd and HAProxy', all.length === programs.length ? all : null, () => {
  let child: ChildProcess;
  let cluster: Printed;
  let db: Database;

  beforeAll(async () => {
    child = spawn(process.execPath, [join(infra, 'patroni/up.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    cluster = await printed(child);
    db = new Database({ url: cluster.adminUrl, poolSize: 1 });
  }, 180_000);
  afterAll(async () => {
    await db?.close();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }, 60_000);

  it('runs PostgreSQL 18, whose commits wait for the other member', async () => {
    const [row] = await db.query<{ major: number; standbys: string }>(
      `select current_setting('server_version_num')::int / 10000 as major, current_setting('synchronous_standby_names') as standbys`,
    );
    expect(row).toEqual({ major: 18, standbys: 'node2' });
  });

  it('has a pg_controldata that says what the server says', async () => {
    const [row] = await db.query<{ said: Record<string, unknown> }>(
      `select jsonb_build_object(
                'Database system identifier', s.system_identifier::text, 'pg_control version number', s.pg_control_version,
                'Database cluster state', 'in production', 'Latest checkpoint''s TimeLineID', c.timeline_id,
                'Latest checkpoint location', c.checkpoint_lsn, 'Latest checkpoint''s REDO location', c.redo_lsn,
                'Data page checksum version', i.data_page_checksum_version, 'wal_level setting', current_setting('wal_level'),
                'max_connections setting', current_setting('max_connections'),
                'max_worker_processes setting', current_setting('max_worker_processes'),
                'max_wal_senders setting', current_setting('max_wal_senders'),
                'max_locks_per_xact setting', current_setting('max_locks_per_transaction')) as said
         from pg_control_system() s, pg_control_checkpoint() c, pg_control_init() i`,
    );
    const { output } = run([join(cluster.folders[0]!, '../bin/pg_controldata'), cluster.folders[0]!]);
    const shown = new Map(output.split('\n').map((line) => [line.split(':')[0]!, line.slice(line.indexOf(':') + 1).trim()]));
    const keys = Object.keys(row!.said);
    expect(Object.fromEntries(keys.map((key) => [key, shown.get(key)]))).toEqual(
      Object.fromEntries(keys.map((key) => [key, String(row!.said[key])])),
    );
  });

  it("leaves the slots of other regions' subscriptions alone, and drops others, when it looks at them: at a start", async () => {
    await db.query(`select pg_create_logical_replication_slot('sub_of_another_region', 'pgoutput')`);
    await db.query(`select pg_create_physical_replication_slot('stranger')`);
    expect(run(['patronictl', '-c', cluster.configs[0]!, 'restart', 'region', 'node1', '--force'])).toMatchObject({ ok: true });
    const slots = async (): Promise<string[]> =>
      (await db.query<{ name: string }>('select slot_name as name from pg_replication_slots')).map(({ name }) => name);
    await waitFor(async () => !(await slots()).includes('stranger'), { until: 'Patroni drops what it does not know', timeoutMs: 60_000 });
    expect(await slots()).toContain('sub_of_another_region');
    await db.query(`select pg_drop_replication_slot('sub_of_another_region')`);
  });

  it('does what the runbook says, down to a switchover', async () => {
    const list = (): string => run(['patronictl', '-c', cluster.configs[0]!, 'list']).output;
    const hasRole = (role: string) => new RegExp(`node2\\s*\\|[^|]*\\|\\s*${role}`).test(list());
    await waitFor(() => hasRole('Sync Standby'), { until: 'node2 has everything', timeoutMs: 60_000, everyMs: 500 });
    const lines = commands();
    expect(lines.length).toBeGreaterThan(2);
    const env = { PATH: process.env['PATH'], PATRONI: cluster.configs[0], MEMBER: 'node2', LC_ALL: 'C.UTF-8' };
    const failed = lines.flatMap((line) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', `set -u\n${line}`], { encoding: 'utf8', timeout: 60_000, env });
      return status === 0 ? [] : [`${line}: ${stdout}${stderr}`];
    });
    expect(failed).toEqual([]);
    await waitFor(() => hasRole('Leader'), { until: 'node2 leads', timeoutMs: 60_000, everyMs: 500 });
    const look = 'select pg_is_in_recovery() as replica';
    const leads = async (): Promise<boolean> => (await db.query<{ replica: boolean }>(look))[0]!.replica === false;
    await waitFor(leads, { until: 'the address leads to a primary again', timeoutMs: 60_000 });
  });
});

/** Blocks that begin with "```sh patroni": only a cluster can run them. */
function commands(): string[] {
  const page = pages().get(`${FOLDER}/database-failover.md`)!;
  const blocks = [...page.matchAll(/^ *```sh patroni\n([\s\S]*?)^ *```/gm)].map(([, code]) => code!);
  return blocks.flatMap((code) =>
    code
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim())
      .filter(Boolean),
  );
}

async function printed(child: ChildProcess): Promise<Printed> {
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (part: string) => (said += part));
  const url = await waitFor(
    () => {
      if (child.exitCode !== null) return 'ended';
      return /^DATABASE_ADMIN_URL=(.*)$/m.exec(said)?.[1];
    },
    { until: 'the cluster is ready', timeoutMs: 170_000, everyMs: 100 },
  );
  if (url === 'ended') throw new Error('the cluster did not start');
  const found = (pattern: RegExp): string[] => [...said.matchAll(pattern)].map(([, what]) => what!);
  return { adminUrl: url, configs: found(/PATRONI=(\S+)/g), folders: found(/data in (\S+),/g) };
}
