// (tenure, revision) orders the versions of a row: R3, clause by clause.
import { Arriving, attempt, marker, outcome, run, schedule, step, task } from './arriving.js';

let here: Arriving;
beforeAll(async () => {
  here = await Arriving.make();
});
beforeEach(() => here.reset());
afterAll(() => here.db.close());

const TABLES = [
  { table: 'workflow_runs', version: run, change: (n: number) => ({ labels: { n } }), column: "(labels ->> 'n')::int" },
  { table: 'step_states', version: step, change: (n: number) => ({ output_bytes: n }), column: 'output_bytes' },
  { table: 'step_tasks', version: task, change: (n: number) => ({ attempt: n }), column: 'attempt' },
  { table: 'step_attempts', version: attempt, change: (n: number) => ({ error: { n } }), column: "(error ->> 'n')::int" },
  { table: 'workflow_schedules', version: schedule, change: (n: number) => ({ jitter_ms: n }), column: 'jitter_ms' },
];

describe.each(TABLES)('a row of $table', ({ table, version, change, column }) => {
  const stored = () => here.rows(table, `home_epoch, revision, ${column} as n`);
  const arrive = async (how: 'insert' | 'update', epoch: number, revision: number, n: number) =>
    how === 'insert' ? here.insert(table, version(epoch, revision, change(n))) : here.update(table, version(epoch, revision, change(n)));

  beforeEach(async () => {
    if (table !== 'workflow_schedules' && table !== 'workflow_runs') await here.insert('workflow_runs', run(1));
    await here.insert(table, version(3, 5, change(1)));
  });

  it('is put where there is none', async () => {
    expect(await stored()).toEqual([{ home_epoch: 3, revision: 5, n: 1 }]);
    expect(await here.conflicts()).toEqual([]);
  });

  it.each(['insert', 'update'] as const)('of a lower tenure is dropped when it comes as %s, and kept', async (how) => {
    await arrive(how, 2, 9, 2);
    expect(await stored()).toEqual([{ home_epoch: 3, revision: 5, n: 1 }]);
    expect(await here.conflicts()).toEqual([{ table_name: table, kind: 'stale', incoming_epoch: 2, stored_epoch: 3 }]);
  });

  it.each(['insert', 'update'] as const)(
    'of a lower revision of the same tenure is dropped when it comes as %s, and not worth keeping',
    async (how) => {
      await arrive(how, 3, 4, 2);
      expect(await stored()).toEqual([{ home_epoch: 3, revision: 5, n: 1 }]);
      expect(await here.conflicts()).toEqual([]);
    },
  );

  it.each(['insert', 'update'] as const)('that is here already is skipped when it comes as %s', async (how) => {
    await arrive(how, 3, 5, 2);
    expect(await stored()).toEqual([{ home_epoch: 3, revision: 5, n: 1 }]);
    expect(await here.conflicts()).toEqual([]);
  });

  it.each(['insert', 'update'] as const)('of the next revision replaces it when it comes as %s', async (how) => {
    await arrive(how, 3, 6, 2);
    expect(await stored()).toEqual([{ home_epoch: 3, revision: 6, n: 2 }]);
    expect(await here.conflicts()).toEqual([]);
  });

  it.each(['insert', 'update'] as const)('of a later revision replaces it too when it comes as %s: a copy has jumped', async (how) => {
    await arrive(how, 3, 9, 2);
    expect(await stored()).toEqual([{ home_epoch: 3, revision: 9, n: 2 }]);
  });

  it('of a higher tenure that has seen its last write replaces it', async () => {
    await arrive('insert', 4, 6, 2);
    expect(await stored()).toEqual([{ home_epoch: 4, revision: 6, n: 2 }]);
    expect(await here.conflicts()).toEqual([]);
  });

  it('of a higher tenure that has not seen its last write replaces it, and the write is kept', async () => {
    await arrive('insert', 4, 5, 2);
    expect(await stored()).toEqual([{ home_epoch: 4, revision: 5, n: 2 }]);
    expect(await here.conflicts()).toEqual([{ table_name: table, kind: 'superseded', incoming_epoch: 4, stored_epoch: 3 }]);
  });

  it('of a higher tenure that comes as an update replaces it, and is an alarm', async () => {
    await arrive('update', 4, 6, 2);
    expect(await stored()).toEqual([{ home_epoch: 4, revision: 6, n: 2 }]);
    expect(await here.conflicts()).toEqual([{ table_name: table, kind: 'newer_by_update', incoming_epoch: 4, stored_epoch: 3 }]);
  });

  it('is written by local sessions without a question', async () => {
    await here.db.sql(`update workflow.${table} set home_epoch = 1, revision = 1`);
    expect(await stored()).toEqual([{ home_epoch: 1, revision: 1, n: 1 }]);
  });
});

describe('a row whose tenure is in its key', () => {
  it('has a later revision that replaces it', async () => {
    await here.insert(
      'run_request_outcomes',
      outcome(3, 1, 'refused'),
      outcome(3, 2, 'started'),
      outcome(3, 1, 'refused'),
      outcome(4, 1, 'merged'),
    );
    expect(await here.rows('run_request_outcomes', 'home_epoch, revision, outcome')).toEqual([
      { home_epoch: 3, revision: 2, outcome: 'started' },
      { home_epoch: 4, revision: 1, outcome: 'merged' },
    ]);
  });

  it('that is here already is skipped', async () => {
    await here.insert('group_adoptions', marker(3), marker(3));
    expect(await here.rows('group_adoptions', 'home_epoch, revision')).toEqual([{ home_epoch: 3, revision: 1 }]);
  });
});
