// What belongs to a run follows it: deletions, lost keys, tenures of its children. R3, clause by clause.
import { Arriving, attempt, DEFINITION, deletion, definition, keyed, ledger, request, RIVAL, run, RUN, step, task } from './arriving.js';

let here: Arriving;
beforeAll(async () => {
  here = await Arriving.make();
});
beforeEach(() => here.reset());
afterAll(() => here.db.close());

const runs = () => here.rows<{ run_id: string; home_epoch: number }>('workflow_runs', 'run_id, home_epoch');
const children = async () =>
  (await Promise.all(['step_states', 'step_tasks', 'step_attempts'].map((table) => here.rows(table, 'run_id, home_epoch')))).flat().length;
const wholeRun = async (epoch: number) => {
  await here.insert('workflow_runs', run(epoch));
  await here.insert('step_states', step(epoch));
  await here.insert('step_tasks', task(epoch));
  await here.insert('step_attempts', attempt(epoch));
};
const lostRuns = () => here.rows('lost_runs', 'run_id, lost_to, home_epoch');

describe('children of a run', () => {
  it('of older tenures go when its row of a higher one comes, and are kept', async () => {
    await wholeRun(1);
    await here.insert('step_tasks', task(3, 2));
    await here.insert('workflow_runs', run(3, 2));
    expect(await here.rows('step_tasks', 'home_epoch, revision')).toEqual([{ home_epoch: 3, revision: 2 }]);
    expect(await children()).toBe(1);
    expect((await here.conflicts()).map(({ table_name, kind }) => `${kind} ${table_name}`)).toEqual([
      'superseded step_attempts',
      'superseded step_states',
    ]);
  });

  it('of older tenures go when its row comes first here: a copy has no order of tables', async () => {
    await here.insert('step_tasks', task(1));
    await here.insert('workflow_runs', run(3));
    expect(await children()).toBe(0);
  });

  it.each([
    ['step_states', step(1)],
    ['step_tasks', task(1)],
    ['step_attempts', attempt(1)],
  ])('of an older tenure that come late are dropped and kept (%s)', async (table, late) => {
    await here.insert('workflow_runs', run(3));
    await here.insert(table, late);
    expect(await children()).toBe(0);
    expect(await here.conflicts()).toEqual([{ table_name: table, kind: 'stale', incoming_epoch: 1, stored_epoch: null }]);
  });

  it('of a newer tenure may come before its row', async () => {
    await wholeRun(1);
    await here.insert('step_tasks', task(3, 2));
    expect(await here.rows('step_tasks', 'home_epoch, revision')).toEqual([{ home_epoch: 3, revision: 2 }]);
    expect(await here.conflicts()).toEqual([]);
  });

  it('may come before there is a row at all', async () => {
    await here.insert('step_tasks', task(1));
    await here.insert('workflow_runs', run(1));
    expect(await children()).toBe(1);
  });
});

describe('a deletion', () => {
  it.each([1, 9])('erases the run, whatever its tenure (%i)', async (epoch) => {
    await wholeRun(epoch);
    await here.insert('run_deletions', deletion(3));
    expect(await runs()).toEqual([]);
    expect(await children()).toBe(0);
  });

  it('leaves nothing of the run among the conflicts', async () => {
    await wholeRun(3);
    await here.insert('step_tasks', task(1));
    await here.insert('run_deletions', deletion(3));
    expect(await here.conflicts()).toEqual([]);
  });

  it.each([1, 9])('keeps out what comes late, whatever its tenure (%i)', async (epoch) => {
    await here.insert('run_deletions', deletion(3));
    await wholeRun(epoch);
    expect(await runs()).toEqual([]);
    expect(await children()).toBe(0);
    expect(await here.conflicts()).toEqual([]);
  });

  it('takes what came before its run', async () => {
    await here.insert('step_tasks', task(9));
    await here.insert('run_deletions', deletion(3));
    expect(await children()).toBe(0);
  });

  it('of a higher tenure replaces it, a lower one does not', async () => {
    await here.insert('run_deletions', deletion(3), deletion(5, 2, { run_epoch: 3 }), deletion(4));
    expect(await here.rows('run_deletions', 'home_epoch, revision, run_epoch')).toEqual([{ home_epoch: 5, revision: 2, run_epoch: 3 }]);
  });

  it('goes on beating a run of a lower tenure with its key, whichever comes first', async () => {
    const gone = deletion(5, 1, { idempotency_key: 'k' });
    await here.insert('workflow_runs', keyed(3, RIVAL));
    await here.insert('run_deletions', gone);
    expect(await runs()).toEqual([]);
    await here.reset();
    await here.insert('run_deletions', gone);
    await here.insert('workflow_runs', keyed(3, RIVAL));
    expect(await runs()).toEqual([]);
    expect(await lostRuns()).toEqual([{ run_id: RIVAL, lost_to: RUN, home_epoch: 3 }]);
  });

  it('frees its key for its own tenure and later ones, also when it was adopted since', async () => {
    await here.insert('run_deletions', deletion(9, 2, { idempotency_key: 'k', run_epoch: 5 }));
    await here.insert('workflow_runs', keyed(5, RIVAL));
    expect(await runs()).toEqual([{ run_id: RIVAL, home_epoch: 5 }]);
  });

  it('of a run keeps that run from taking a key', async () => {
    await here.insert('workflow_runs', keyed(3, RIVAL));
    await here.insert('run_deletions', deletion(1, 1, { idempotency_key: 'k' }));
    await here.insert('workflow_runs', keyed(9, RUN));
    expect(await runs()).toEqual([{ run_id: RIVAL, home_epoch: 3 }]);
  });
});

describe('a key that two runs have', () => {
  const both = [keyed(5, RUN), keyed(3, RIVAL)];

  it.each([
    ['first', both],
    ['last', both.toReversed()],
  ])('goes to the higher tenure, be it %s', async (_, order) => {
    for (const one of order) await here.insert('workflow_runs', one);
    expect(await runs()).toEqual([{ run_id: RUN, home_epoch: 5 }]);
    expect(await lostRuns()).toEqual([{ run_id: RIVAL, lost_to: RUN, home_epoch: 3 }]);
    expect((await here.conflicts()).map(({ kind }) => kind)).toEqual(['lost_key']);
  });

  it.each([
    ['first', [keyed(3, RUN), keyed(3, RIVAL)]],
    ['last', [keyed(3, RIVAL), keyed(3, RUN)]],
  ])('of one tenure goes to the higher id, whichever came %s', async (_, order) => {
    for (const one of order) await here.insert('workflow_runs', one);
    expect(await runs()).toEqual([{ run_id: RIVAL, home_epoch: 3 }]);
  });

  it('takes the loser’s children, and its late ones find the tombstone', async () => {
    await here.insert('workflow_runs', keyed(3, RUN));
    await here.insert('step_states', step(3));
    await here.insert('step_tasks', task(3));
    await here.insert('workflow_runs', keyed(5, RIVAL));
    expect(await children()).toBe(0);
    await here.insert('step_tasks', task(3, 2, { task_index: 1 }));
    expect(await children()).toBe(0);
    expect((await here.conflicts()).map(({ table_name, kind }) => `${kind} ${table_name}`)).toEqual([
      'lost_key workflow_runs',
      'lost_run step_tasks',
      'lost_run step_states',
      'lost_run step_tasks',
    ]);
  });

  it('takes what the loser sent ahead of its row', async () => {
    await here.insert('workflow_runs', keyed(5, RIVAL));
    await here.insert('step_tasks', task(3));
    await here.insert('workflow_runs', keyed(3, RUN));
    expect(await children()).toBe(0);
  });

  it('that the loser had comes back with it in a higher tenure', async () => {
    await here.insert('workflow_runs', keyed(3, RUN), keyed(5, RIVAL));
    await here.insert('step_tasks', task(7));
    await here.insert('workflow_runs', keyed(7, RUN));
    expect(await runs()).toEqual([{ run_id: RUN, home_epoch: 7 }]);
    expect(await children()).toBe(1);
    expect(await lostRuns()).toContainEqual({ run_id: RIVAL, lost_to: RUN, home_epoch: 5 });
  });

  it('names the run that stands for all that lost to its forerunners', async () => {
    const third = '00000000-0000-7000-8000-000000000003';
    await here.insert('workflow_runs', keyed(3, RUN), keyed(5, RIVAL), keyed(7, third));
    expect(await lostRuns()).toEqual([
      { run_id: RUN, lost_to: third, home_epoch: 3 },
      { run_id: RIVAL, lost_to: third, home_epoch: 5 },
    ]);
  });

  it('lets a lost run’s row of the same tenure not come back when the winner has gone from here', async () => {
    await here.insert('workflow_runs', keyed(3, RUN), keyed(5, RIVAL));
    await here.db.sql('select workflow.erase_runs(array[$1::uuid])', [RIVAL]);
    await here.insert('workflow_runs', keyed(3, RUN, 4));
    expect(await runs()).toEqual([]);
  });
});

describe('other tables', () => {
  it('a ledger row moves forward only', async () => {
    await here.insert('stream_ledger', ledger(3, 30));
    await here.update('stream_ledger', ledger(2, 20));
    await here.insert('stream_ledger', ledger(1, 10));
    expect(await here.rows('stream_ledger', 'revision, replicated_through')).toEqual([{ revision: 3, replicated_through: 30 }]);
    await here.update('stream_ledger', ledger(4, 40));
    expect(await here.rows('stream_ledger', 'revision, replicated_through')).toEqual([{ revision: 4, replicated_through: 40 }]);
  });

  it('a request that is here already is skipped', async () => {
    await here.insert('run_requests', request(), request({ tenant_id: 'other' }));
    expect(await here.rows('run_requests', 'request_id, tenant_id')).toEqual([{ request_id: RUN, tenant_id: 't' }]);
  });

  it('a definition is derived where it arrives, with its queues, once', async () => {
    const content = {
      slug: 'w',
      steps: [
        { slug: 'a', queue: 'far' },
        { slug: 'b', depends_on: ['a'] },
      ],
    };
    await here.insert('workflow_definitions', definition(content), definition(content, { writer: RUN }));
    expect(await here.rows('workflow_steps', 'definition_id, step_slug, step_level, queue')).toEqual([
      { definition_id: DEFINITION, step_slug: 'a', step_level: 0, queue: 'far' },
      { definition_id: DEFINITION, step_slug: 'b', step_level: 1, queue: 'default' },
    ]);
    expect(await here.rows('workflow_step_dependencies', 'step_slug, depends_on')).toEqual([{ step_slug: 'b', depends_on: 'a' }]);
    expect(await here.db.sql(`select name from workflow.queues where name = 'far'`)).toHaveLength(1);
    expect(await here.rows('workflow_definitions', 'definition_id, writer')).toHaveLength(2);
  });
});

describe('guards', () => {
  it('stand nowhere before a link is made', async () => {
    await here.db
      .sql(`do $$ declare r record; begin for r in select tgname, tgrelid::regclass as t from pg_trigger where tgname ~ '^(guard_|derive_)'
                       loop execute format('drop trigger %I on %s', r.tgname, r.t); end loop; end $$`);
    expect(await here.db.sql('select workflow.arm_guards(true) as armed')).toEqual([{ armed: false }]);
    expect(await here.db.sql('select workflow.arm_guards() as armed')).toEqual([{ armed: true }]);
    expect(await here.db.sql('select workflow.arm_guards(true) as armed')).toEqual([{ armed: true }]);
  });

  it('stand on every table that travels', async () => {
    const bare = await here.db.sql(
      `select c.table_name from (select distinct table_name from workflow.replicated_columns) c
        where not exists (select from pg_trigger t where t.tgrelid = ('workflow.' || c.table_name)::regclass and t.tgname = 'guard_insert' and t.tgenabled = 'R')`,
    );
    expect(bare).toEqual([]);
  });
});
