// Guarded apply in a real apply worker: what triggers see there, long values, transactions that are streamed while they are open, copies.
import { waitFor } from '@singularity-workflow/testkit';
import { Servers } from './servers.js';

let servers: Servers;
beforeAll(async () => {
  servers = await Servers.start(2, { logical_decoding_work_mem: '64kB' });
}, 180_000);
afterAll(() => servers?.close());
beforeEach(() => servers.empty());
afterEach(async () => {
  const errors = await servers.applyErrors();
  if (errors > 0) throw new Error(`apply workers failed ${errors} times`);
});

const databases = () => servers.mesh.databases as [(typeof servers.mesh.databases)[0], (typeof servers.mesh.databases)[0]];
const RUN = '00000000-0000-7000-8000-000000000001';
/** Does not compress, so that it is stored apart from its row. */
const LONG = `(select jsonb_build_object('long', string_agg(md5(i::text), '')) from generate_series(1, 400) i)`;

describe('a real link', () => {
  it('drops a stale write, keeps it, and says whose it was', async () => {
    const [a, b] = databases();
    await a.sql(`select story.start(1, $1, null)`, [RUN]);
    await servers.rest();
    await servers.links[1]!.cut();
    while ((await b.sql<{ more: boolean }>('select story.adopt(5) as more'))[0]!.more);
    await a.sql(`select story.write(1, 0, 0, 'late')`);
    await servers.rest();
    expect(await b.make.run(RUN)).toMatchObject({ home_epoch: 5, labels: {} });
    expect(await b.sql('select table_name, kind, sender, incoming_epoch, stored_epoch from workflow.replication_conflicts')).toEqual([
      { table_name: 'workflow_runs', kind: 'stale', sender: servers.mesh.servers[0]!.shortId, incoming_epoch: 1, stored_epoch: 5 },
    ]);
    expect(await servers.differences()).toEqual([]);
  });

  it('carries long values through an adoption, though its update after that does not send them', async () => {
    const [a, b] = databases();
    await a.sql(`select story.start(1, $1, null)`, [RUN]);
    await a.sql(`update workflow.workflow_runs set input = ${LONG}, revision = revision + 1`);
    await servers.rest();
    await servers.links[0]!.cut();
    await servers.links[1]!.cut();
    await a.sql(`update workflow.workflow_runs set input = '{"short": true}', revision = revision + 1`);
    while ((await b.sql<{ more: boolean }>('select story.adopt(5) as more'))[0]!.more);
    await b.sql(`select story.write(5, 0, 0, 'after')`);
    await servers.rest();
    expect(await servers.differences()).toEqual([]);
    expect(await a.make.run(RUN)).toMatchObject({ home_epoch: 5, labels: { note: 'after' }, input: { long: expect.any(String) } });
    expect(await a.sql(`select kind from workflow.replication_conflicts where table_name = 'workflow_runs'`)).toEqual([
      { kind: 'superseded' },
    ]);
  });

  it('does not carry them through an adoption by update, and says so: nobody may adopt like that', async () => {
    const [a, b] = databases();
    await a.sql(`select story.start(1, $1, null)`, [RUN]);
    await a.sql(`update workflow.workflow_runs set input = ${LONG}, revision = revision + 1`);
    await servers.rest();
    await servers.links[0]!.cut();
    await servers.links[1]!.cut();
    await a.sql(`update workflow.workflow_runs set input = '{"short": true}', revision = revision + 1`);
    await b.sql('update workflow.workflow_runs set home_epoch = 5, revision = revision + 1');
    await servers.rest();
    expect((await servers.differences()).filter((difference) => difference.startsWith('workflow_runs'))).toHaveLength(2);
    expect(await a.sql('select kind from workflow.replication_conflicts')).toContainEqual({ kind: 'newer_by_update' });
    const digests = await Promise.all([a, b].map((db) => db.call('digest_table', ['workflow_runs'])));
    expect(digests[0]).not.toEqual(digests[1]);
  });

  it('guards what is streamed by a parallel worker while its transaction is still open', async () => {
    const [a, b] = databases();
    await a.sql(`select story.start(1, $1, null)`, [RUN]);
    await servers.rest();
    await servers.links[1]!.cut();
    while ((await b.sql<{ more: boolean }>('select story.adopt(5) as more'))[0]!.more);
    const writer = await a.session();
    await writer.begin();
    await writer.sql(`select story.start(1, uuidv7(), null) from generate_series(1, 3000)`);
    await writer.sql(`select story.write(1, 0, 2, 'stale')`);
    const streamed = async () => {
      const [slot] = await a.sql<{ stream_txns: number }>('select stream_txns from pg_stat_replication_slots where slot_name = $1', [
        servers.links[0]!.name,
      ]);
      return slot!.stream_txns > 0;
    };
    await waitFor(streamed, { until: 'the open transaction is on its way' });
    await writer.commit();
    await servers.rest();
    expect(await servers.differences()).toEqual([]);
    expect(await b.sql('select count(*) as runs from workflow.workflow_runs')).toEqual([{ runs: 3001 }]);
    expect(await b.sql('select table_name, kind from workflow.replication_conflicts')).toContainEqual({
      table_name: 'step_tasks',
      kind: 'stale',
    });
  });

  it('copies over filled tables: what is newer comes, what is older goes by, what is only here stays', async () => {
    const [a, b] = databases();
    await a.sql(`select story.start(1, uuidv7(), null) from generate_series(1, 20)`);
    await servers.rest();
    await servers.links[0]!.cut();
    await servers.links[1]!.cut();
    await a.sql(
      `update workflow.workflow_runs set home_epoch = 1, labels = '{"n": "a"}', revision = revision + 1 where run_id in (select run_id from workflow.workflow_runs order by run_id limit 5)`,
    );
    for (let units = 0; units < 3; units += 1) await b.sql('select story.adopt(5)');
    await b.sql(`select story.start(5, uuidv7(), null)`);
    await servers.remake(0);
    expect(
      await b.sql(
        `select count(*) filter (where home_epoch = 5) as ours, count(*) filter (where labels <> '{}') as newer, count(*) as runs from workflow.workflow_runs`,
      ),
    ).toEqual([{ ours: 4, newer: 2, runs: 21 }]);
    await servers.rest();
    expect(await servers.differences()).toEqual([]);
  });
});
