// All services behind PgBouncer in transaction mode: no session is anybody's own, LISTEN wakes nobody, each claim leaves its hint about slow reads
// (note_read_time) in a session that others use next. The database crashes once meanwhile.
import { waitFor } from '@singularity-workflow/testkit';
import { breaches } from '../checker/checker.js';
import { outputOf, runsOf, say, submit } from '../harness/load.js';
import { pgBouncer, type PgBouncerOptions, whyNoPgBouncer } from '../harness/pgbouncer.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion, type Region, type RegionOptions } from '../harness/region.js';
import { crashDatabase } from '../nemesis/restart.js';

const RUNS = 150;
/** Of each login: so few that every statement meets a session of others. */
const POOL_SIZE = 3;
const LOGINS = 4;
const LIMIT_MS = 300_000;

const behind = (options: PgBouncerOptions, env: Readonly<Record<string, string>>): RegionOptions => ({
  executors: 2,
  pooler: pgBouncer(options),
  // Every read of a queue counts as slow: hints everywhere.
  server: { 'workflow.slow_read_ms': 0 },
  env: { VISIBILITY_TIMEOUT_MS: '6000', ...env },
});

interface Variant {
  readonly what: string;
  readonly options: PgBouncerOptions;
  readonly prepare: 'on' | 'off';
}

const WITHOUT: PgBouncerOptions = { poolSize: POOL_SIZE, prepared: 0 };
const variants: readonly Variant[] = [
  { what: 'without prepared statements (DATABASE_PREPARE=off)', options: WITHOUT, prepare: 'off' },
  { what: 'with prepared statements, which it keeps (1.21)', options: { poolSize: POOL_SIZE, prepared: 200 }, prepare: 'on' },
  { what: 'with prepared statements by mistake: services do without and say so', options: WITHOUT, prepare: 'on' },
];

describe.each(variants)('behind PgBouncer in transaction mode, $what', ({ options, prepare }) => {
  const missing = whyNoPgBouncer(options);
  if (missing !== null) process.stderr.write(`skipped: ${missing}\n`);
  const on = missing === null ? it : it.skip;

  on(
    `everything is done, also over a crash of the database${missing === null ? '' : ` (skipped: ${missing})`}`,
    inRegion(behind(options, { DATABASE_PREPARE: prepare }), (region) => story(region, prepare === 'on' && options.prepared === 0)),
    LIMIT_MS,
  );
});

async function story(region: Region, isMistake: boolean): Promise<void> {
  const { client, db } = region;
  const before = await submit(client, runsOf('e2e-chain', RUNS, { workMs: 20 }));
  await waitFor(async () => (await db.sql(`select from workflow.step_tasks where status = 'completed' limit 1`)).length === 1);
  const crash = await crashDatabase(region);
  const after = await submit(client, runsOf('e2e-fan', RUNS, { workMs: 20 }));
  const acknowledged = [...before, ...after];
  await region.settled(acknowledged);

  expect(region.services.filter(({ ended }) => ended !== null).map(({ name }) => name)).toEqual([]);
  expect(await region.outputs(acknowledged)).toEqual(acknowledged.map(outputOf));
  expect(breaches(await readHistory(db, { acknowledged, attempts: region.attempts(), crashes: [crash] }))).toEqual([]);
  const [sessions] = await db.sql<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where usename like 'workflow\\_%\\_login'`,
  );
  say(`${region.services.length} services shared ${sessions!.count} sessions`);
  expect(sessions!.count).toBeLessThanOrEqual(LOGINS * POOL_SIZE);
  const complaints = region.complaints().filter((line) => line.includes('DATABASE_PREPARE=off'));
  expect(complaints.length > 0).toBe(isMistake);
}
