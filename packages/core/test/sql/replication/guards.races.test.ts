// Two links apply at the same moment, and neither sees what the other has not committed. Each pair of rows that decide about each other waits for the
// other, in both orders.
import type { Session } from '@singularity-workflow/testkit';
import { Arriving, deletion, keyed, RIVAL, run, RUN, step, task } from './arriving.js';

let here: Arriving;
let [one, other]: Session[] = [];
beforeAll(async () => {
  here = await Arriving.make();
});
beforeEach(async () => {
  await here.reset();
  [one, other] = [await here.applier(), await here.applier()];
});
afterAll(() => here.db.close());

type Rows = [table: string, row: Record<string, unknown>][];

/** `first` is applied and open when `second` begins: that one waits until `first` commits. */
async function meet(first: Rows, second: Rows): Promise<void> {
  await one!.begin();
  for (const [table, row] of first) await here.insertBy(one!, table, row);
  await other!.begin();
  const pending = other!.start(async () => {
    for (const [table, row] of second) await here.insertBy(other!, table, row);
  });
  await other!.waitUntilBlocked();
  await one!.commit();
  await pending;
  await other!.commit();
}

const runs = () => here.rows('workflow_runs', 'run_id, home_epoch');
const tasks = () => here.rows('step_tasks', 'run_id, home_epoch');

const PAIRS: { what: string; before?: Rows; a: Rows; b: Rows; runs: object[]; tasks: object[] }[] = [
  { what: 'a run and its deletion', a: [['workflow_runs', run(1)]], b: [['run_deletions', deletion(1)]], runs: [], tasks: [] },
  {
    what: 'a child whose run is not here and the run’s deletion',
    a: [['step_tasks', task(1)]],
    b: [['run_deletions', deletion(1)]],
    runs: [],
    tasks: [],
  },
  {
    what: 'a child of an older tenure whose run is not here and the run',
    a: [['step_tasks', task(1)]],
    b: [['workflow_runs', run(3)]],
    runs: [{ run_id: RUN, home_epoch: 3 }],
    tasks: [],
  },
  {
    what: 'a child of an older tenure and a newer row of its run',
    before: [['workflow_runs', run(1)]],
    a: [['step_tasks', task(1)]],
    b: [['workflow_runs', run(3, 2)]],
    runs: [{ run_id: RUN, home_epoch: 3 }],
    tasks: [],
  },
  {
    what: 'a child and a rival that takes its run’s key',
    before: [['workflow_runs', keyed(3, RUN)]],
    a: [['step_tasks', task(3)]],
    b: [['workflow_runs', keyed(5, RIVAL)]],
    runs: [{ run_id: RIVAL, home_epoch: 5 }],
    tasks: [],
  },
  {
    what: 'two runs with one key',
    a: [['workflow_runs', keyed(3, RUN)]],
    b: [['workflow_runs', keyed(5, RIVAL)]],
    runs: [{ run_id: RIVAL, home_epoch: 5 }],
    tasks: [],
  },
  {
    what: 'two tenures of one run',
    a: [['workflow_runs', run(1)]],
    b: [['workflow_runs', run(3, 2)]],
    runs: [{ run_id: RUN, home_epoch: 3 }],
    tasks: [],
  },
  {
    what: 'two tenures of one child',
    before: [['workflow_runs', run(1)]],
    a: [['step_tasks', task(1)]],
    b: [['step_tasks', task(3, 2)]],
    runs: [{ run_id: RUN, home_epoch: 1 }],
    tasks: [{ run_id: RUN, home_epoch: 3 }],
  },
  {
    what: 'a run with its children and a newer one with its own',
    a: [
      ['workflow_runs', run(1)],
      ['step_states', step(1)],
      ['step_tasks', task(1)],
    ],
    b: [
      ['step_tasks', task(3, 2)],
      ['workflow_runs', run(3, 2)],
    ],
    runs: [{ run_id: RUN, home_epoch: 3 }],
    tasks: [{ run_id: RUN, home_epoch: 3 }],
  },
];

describe.each(PAIRS)('$what', ({ before = [], a, b, runs: standing, tasks: left }) => {
  it.each([
    ['in this order', a, b],
    ['in the other', b, a],
  ])('end alike %s', async (_, first, second) => {
    for (const [table, row] of before) await here.insert(table, row);
    await meet(first, second);
    expect(await runs()).toEqual(standing);
    expect(await tasks()).toEqual(left);
  });
});
