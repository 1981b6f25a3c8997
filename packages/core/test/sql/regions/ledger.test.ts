// The ledger of a region's stream: which tick a row is stamped with, when a tick is closed, and up to where everybody has all.
import { waitFor } from '@singularity-workflow/testkit';
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;

const advance = async () => (await db.call<{ advance_tick: number }>('advance_tick', [await homes.token()]))[0]!.advance_tick;
const close = async () => (await db.call<{ close_ticks: number }>('close_ticks', [await homes.token()]))[0]!.close_ticks;
const replicated = async () =>
  (await db.call<{ note_replicated: number | null }>('note_replicated', [await homes.token()]))[0]!.note_replicated;
const tickOf = async (runId: string) => (await db.make.run(runId))['written_tick'] as number;
/** Other suites' transactions on this server hold ticks open too, for a moment. */
const closes = (tick: number) =>
  waitFor(async () => {
    await close();
    return (await closed()).some((row) => row.tick === tick);
  });
const closed = () =>
  db.sql<{ tick: number; position: string | null }>(
    'select tick, position from workflow.stream_ticks where position is not null order by tick',
  );

/** What each peer's slot is said to have confirmed; the real function reads pg_replication_slots. */
async function peersConfirm(
  positions: Partial<Record<'b' | 'c', { at: string; healthy?: boolean; whole?: boolean } | null>>,
): Promise<void> {
  await db.sql('create table if not exists testkit.peer_slots (member_id uuid, position pg_lsn, healthy boolean, whole boolean)');
  await db.sql('grant usage on schema testkit to workflow_owner; grant select on testkit.peer_slots to workflow_owner');
  await db.sql('delete from testkit.peer_slots');
  for (const [region, slot] of Object.entries(positions))
    if (slot)
      await db.sql('insert into testkit.peer_slots values ($1, $2, $3, $4)', [
        homes.members[region as 'b' | 'c'],
        slot.at,
        slot.healthy ?? true,
        slot.whole ?? true,
      ]);
  // The same columns as the real one has, those that the ledger does not ask for null. On real slots: test/regions/homes.links.
  const [real] = await db.sql<{ columns: string[]; types: string[] }>(
    `select array_agg(p.name) as columns, array_agg(format_type(p.type, null)) as types
       from pg_proc f, unnest(f.proargnames, f.proallargtypes) p(name, type) where f.oid = 'workflow.peer_slots'::regproc`,
  );
  const known: Record<string, string> = { member_id: 'p.member_id', confirmed: 'p.position', healthy: 'p.healthy', whole: 'p.whole' };
  const { columns, types } = real!;
  expect(columns).toEqual(expect.arrayContaining(Object.keys(known)));
  await db.sql(`create or replace function workflow.peer_slots() returns table (${columns.map((name, i) => `${name} ${types[i]}`).join(', ')})
                language sql security definer as
                $$ select ${columns.map((name, i) => known[name] ?? `null::${types[i]}`).join(', ')} from testkit.peer_slots p $$`);
}

describe('the ledger', () => {
  beforeEach(async () => {
    await homes.found();
    await db.make.define('w', 'a');
  });

  it('stamps what a transaction writes with the tick at that time, and a run again when it ends', async () => {
    await advance();
    const runId = await db.make.start('w', {}, { tenant_id: homes.tenantOf('here') });
    expect(await tickOf(runId)).toBe(1);
    await advance();
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    expect(await tickOf(runId)).toBe(1);
    await worker.complete(task, 1);
    expect(await tickOf(runId)).toBe(2);
  });

  it.each(['cancelled', 'deleted'])('stamps a run that is %s with the tick of that', async (how) => {
    const runId = await db.make.start('w', {}, { tenant_id: homes.tenantOf('here') });
    await advance();
    await db.call('cancel_runs', [[runId]]);
    expect(await tickOf(runId)).toBe(1);
    if (how === 'cancelled') return;
    await advance();
    await db.call('delete_runs', [[runId]]);
    expect(await db.sql('select written_tick from workflow.run_deletions')).toEqual([{ written_tick: 2 }]);
  });

  it('does not close a tick while a transaction lives that may have read it', async () => {
    await advance(); // tick 1
    const writer = await db.session();
    await writer.begin();
    const [started] = await writer.call<{ run_id: string }>('start_runs', [
      JSON.stringify([{ tenant_id: homes.tenantOf('here'), workflow: 'w' }]),
    ]);
    await advance(); // tick 2
    await advance(); // tick 3; 1 has ended
    expect((await closed()).map(({ tick }) => tick)).not.toContain(1);
    await close();
    expect((await closed()).map(({ tick }) => tick)).not.toContain(1);
    await writer.commit();
    await closes(1);
    expect(await tickOf(started!.run_id)).toBe(1);
  });

  it('does not close a tick of a transaction that got its id before the tick ended and read it after', async () => {
    const [writer, ticker] = [await db.session(), await db.session()];
    await ticker.begin();
    await ticker.call('advance_tick', [await homes.token()]); // not committed yet: others read 0
    await writer.begin();
    const [started] = await writer.call<{ run_id: string }>('start_runs', [
      JSON.stringify([{ tenant_id: homes.tenantOf('here'), workflow: 'w' }]),
    ]);
    await ticker.commit();
    await advance();
    await close();
    expect((await closed()).map(({ tick }) => tick)).not.toContain(0);
    await writer.commit();
    await closes(0);
    expect(await tickOf(started!.run_id)).toBe(0);
  });

  it('notes a position behind all rows of the tick', async () => {
    await advance();
    await db.make.start('w', {}, { tenant_id: homes.tenantOf('here') });
    const [{ lsn }] = (await db.sql<{ lsn: string }>('select pg_current_wal_insert_lsn() as lsn')) as [{ lsn: string }];
    await advance();
    await advance();
    await closes(1);
    const [row] = await db.sql<{ behind: boolean }>('select position >= $1 as behind from workflow.stream_ticks where tick = 1', [lsn]);
    expect(row).toEqual({ behind: true });
  });

  describe('says that a tick is replicated', () => {
    beforeEach(async () => {
      for (let i = 0; i < 3; i += 1) await advance();
      await closes(1);
    });
    const positionOf = async (tick: number) =>
      (await db.sql<{ position: string }>('select position from workflow.stream_ticks where tick = $1', [tick]))[0]!.position;

    it('when every member has confirmed its position', async () => {
      const at = await positionOf(1);
      await peersConfirm({ b: { at }, c: { at: '0/1' } });
      expect(await replicated()).toBeNull();
      await peersConfirm({ b: { at }, c: { at } });
      expect(await replicated()).toBe(1);
      expect(await db.sql('select writer, replicated_through from workflow.stream_ledger')).toEqual([
        { writer: homes.members.here, replicated_through: 1 },
      ]);
      expect(await db.sql('select tick from workflow.stream_ticks where tick <= 1')).toEqual([]);
    });

    it.each(['joining', 'retiring', 'copying'])('not before one that is %s has confirmed it', async (state) => {
      await db.sql(`update workflow.region_members set state = $1 where region = 'c'`, [state]);
      await peersConfirm({ b: { at: await positionOf(1) } });
      expect(await replicated()).toBeNull();
    });

    it('without one that is gone', async () => {
      await db.sql(`update workflow.region_members set state = 'gone' where region = 'c'`);
      await peersConfirm({ b: { at: await positionOf(1) } });
      expect(await replicated()).toBe(1);
    });

    it.each([{ healthy: false }, { whole: false }])('not by a slot that is %o', async (state) => {
      const at = await positionOf(1);
      await peersConfirm({ b: { at }, c: { at, ...state } });
      expect(await replicated()).toBeNull();
    });

    it('never takes it back, and raises the revision of its row only when it rises', async () => {
      const [first, last] = [await positionOf(0), await positionOf(1)];
      await peersConfirm({ b: { at: first }, c: { at: first } });
      expect(await replicated()).toBe(0);
      expect(await replicated()).toBe(0);
      await peersConfirm({ b: { at: last }, c: { at: last } });
      expect(await replicated()).toBe(1);
      await peersConfirm({ b: { at: '0/1' }, c: { at: last } });
      expect(await replicated()).toBe(1);
      expect(await db.sql('select revision from workflow.stream_ledger')).toEqual([{ revision: 2 }]);
    });
  });

  it('is kept by the leading monitor only', async () => {
    await homes.token();
    for (const fn of ['advance_tick', 'close_ticks', 'note_replicated'])
      await expect(db.call(fn, [999])).rejects.toMatchObject({ code: 'WF302' });
  });
});

describe('a lone region', () => {
  it('has tick 0 whatever its clock says', async () => {
    await db.make.define('w', 'a');
    await advance();
    expect(await tickOf(await db.make.start('w'))).toBe(0);
  });
});
