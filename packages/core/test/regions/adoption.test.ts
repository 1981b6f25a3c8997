// What the monitor does with an adoption: SQL's own rules are tested in test/sql/regions/adoption.
import { waitFor } from '@singularity-workflow/testkit';
import { HELD_WAKE } from '../../src/domain/index.js';
import { Adoption } from '../../src/regions/index.js';
import { Database, HomeStore } from '../../src/store/index.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { useHomes } from '../sql/regions/homes.js';

const homes = useHomes();
const { db } = homes;
/** Much shorter than adopt_chunk waits for a lock. */
const TIMEOUT_MS = 100;

it('a part that does not fit the transaction timeout is tried with half as many rows, and the adoption goes through in the end', async () => {
  await db.make.define('w', 'a');
  const tenant = homes.tenantOf('b');
  for (let i = 0; i < 40; i += 1) await db.make.start('w', {}, { tenant_id: tenant });
  await homes.becomeReplica();
  await homes.move(2, 'here', tenant);

  const url = new URL(db.url());
  url.searchParams.set('options', `-c transaction_timeout=${TIMEOUT_MS}`);
  // In haste only while something is in the way: what the machine has time for afterwards is not what is asked here.
  const [hasty, patient] = [new Database({ url: url.href, poolSize: 2 }), new Database({ url: db.url(), poolSize: 2 })];
  const sizes: number[] = [];
  let store = new HomeStore(hasty);
  const logger = new RecordingLogger();
  const wakes: (readonly string[])[] = [];
  const adoption = new Adoption({
    homes: {
      findRunsToAdopt: (batch) => new HomeStore(patient).findRunsToAdopt(batch),
      adoptChunk: (part) => {
        sizes.push(part.rowsMax);
        return store.adoptChunk(part);
      },
    },
    logger,
    notify: (queues) => wakes.push(queues),
  });
  try {
    const token = await homes.token();
    const blocker = await db.session();
    await blocker.begin();
    await blocker.sql('select from workflow.workflow_runs for update');
    expect(await adoption.tick(token)).toBe('more');
    expect(await adoption.tick(token)).toBe('more');
    await blocker.rollback();
    store = new HomeStore(patient);
    await waitFor(async () => (await adoption.tick(token)) === 'idle', { until: 'the adoption is through', timeoutMs: 60_000, everyMs: 1 });
    expect(sizes.slice(0, 3)).toEqual([2_000, 1_000, 500]);
    expect(Math.max(...sizes.slice(3))).toBeGreaterThan(500);
    expect(wakes).toEqual([['default', HELD_WAKE]]); // once, with the marker: nothing may be claimed before
    expect(logger.events('group_adopted')).toMatchObject([{ group: await homes.groupOf(tenant), runs: 40 }]);
    expect(await (await db.make.worker()).claim()).toHaveLength(40);
  } finally {
    await Promise.all([hasty.close(), patient.close()]);
  }
});

it('rows that a link is just bringing are left until it has brought them', async () => {
  await db.make.define('w', 'a');
  const tenant = homes.tenantOf('b');
  await db.make.start('w', {}, { tenant_id: tenant });
  await homes.becomeReplica();
  await homes.move(2, 'here', tenant);
  const database = new Database({ url: db.url(), poolSize: 2 });
  const adoption = new Adoption({ homes: new HomeStore(database), logger: new RecordingLogger(), notify: () => undefined });
  try {
    const token = await homes.token();
    const link = await db.session();
    await link.begin();
    await link.sql('select from workflow.workflow_runs for update');
    expect(await adoption.tick(token)).toBe('idle');
    await link.rollback();
    expect(await adoption.tick(token)).toBe('more');
  } finally {
    await database.close();
  }
});

it('a group that is lost meanwhile is no failure', async () => {
  await db.make.define('w', 'a');
  const tenant = homes.tenantOf('b');
  await db.make.start('w', {}, { tenant_id: tenant });
  await homes.becomeReplica();
  await homes.move(2, 'here', tenant);
  const database = new Database({ url: db.url(), poolSize: 2 });
  const store = new HomeStore(database);
  const token = await homes.token();
  let lost = false;
  const adoption = new Adoption({
    homes: {
      findRunsToAdopt: async (batch) => {
        const seen = await store.findRunsToAdopt(batch);
        if (!lost) await homes.move(3, 'c', tenant);
        lost = true;
        return seen;
      },
      adoptChunk: (part) => store.adoptChunk(part),
    },
    logger: new RecordingLogger(),
    notify: () => undefined,
  });
  try {
    expect(await adoption.tick(token)).toBe('idle');
    expect(await adoption.tick(token)).toBe('idle');
    expect(await db.sql('select * from workflow.adoptions')).toEqual([]);
  } finally {
    await database.close();
  }
});
