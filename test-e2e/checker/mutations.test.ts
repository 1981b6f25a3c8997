// Databases whose functions were weakened, one line each: the same story in each, and the checker tells which law the engine broke.
import { createTestDatabase, type TestDatabase, type TestWorker } from '@singularity-workflow/testkit';
import type { AttemptNote } from '../harness/attempts.js';
import { installRecorder, readHistory } from '../harness/recorder.js';
import { breaches, type LawName } from './checker.js';
import type { Acknowledged } from './history.js';
import * as laws from './laws.js';
import { REPEAL_LAWS, FENCE, RECORD_OUTPUTS, weaken, WHOLE_FENCE } from './weaken.js';

interface Mutation {
  readonly what: string;
  /** Empty: the engine as it is. */
  readonly breaks: readonly LawName[];
  readonly of?: string;
  readonly line?: string;
  readonly becomes?: string;
  /** What else must go, for constraints hold up some mutations too. */
  readonly also?: string;
}

const mutations: readonly Mutation[] = [
  { what: 'nothing is weakened', breaks: [] },
  {
    what: 'record_outputs does not ask who holds the task',
    breaks: ['outputsAreWhatHandlersReturned'],
    of: RECORD_OUTPUTS,
    line: FENCE,
    becomes: '',
  },
  {
    what: 'record_outputs does not ask whether the task was completed already',
    breaks: ['oneEffectiveCompletionPerTask', 'onlyTheHolderCompletes'],
    of: RECORD_OUTPUTS,
    line: WHOLE_FENCE,
    becomes: '',
    also: REPEAL_LAWS,
  },
  {
    what: 'begin_runs starts all steps at once',
    breaks: ['stepsNeverBeforeTheirDependencies'],
    of: 'begin_runs(uuid[], timestamptz)',
    line: 'cardinality(s.dependencies)',
    becomes: '0',
  },
  {
    what: 'messages of steps that become ready are not sent',
    breaks: ['everythingEnds'],
    of: 'advance_runs(workflow.ended_step[], workflow.outgoing_message[], timestamptz, workflow.task_taker)',
    line: 'workflow.send_messages(',
    becomes: 'workflow.swallow(',
    also: `create function workflow.swallow(workflow.outgoing_message[]) returns text[] language sql as $$ select '{}'::text[] $$`,
  },
  {
    what: 'a key may have two runs',
    breaks: ['nothingAcknowledgedIsLost'],
    also: 'drop index workflow.one_run_per_key',
  },
  {
    what: 'hand_out_tasks counts no attempts',
    breaks: ['attemptsOnlyRise'],
    of: 'hand_out_tasks(uuid, workflow.message_ref[], timestamptz)',
    line: 'attempt = t.attempt + 1',
    becomes: 'attempt = greatest(t.attempt, 1)',
  },
];

describe.each(mutations)('when $what', ({ breaks, of, line, becomes, also }) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
    await installRecorder(db);
    if (of !== undefined) await weaken(db, of, line!, becomes!);
    if (also !== undefined) await db.sql(also);
  });
  afterAll(() => db.close());

  it(`the checker finds ${breaks.join(' and ') || 'nothing'}`, async () => {
    const found = new Set(breaches(await story(db)).map(({ law }) => law));
    expect(breaks.length === 0 ? [...found] : breaks.filter((law) => found.has(law))).toEqual(breaks);
  });
});

it('has a mutation for each law', () => {
  expect(new Set(mutations.flatMap(({ breaks }) => breaks))).toEqual(new Set(Object.keys(laws)));
});

/** Two steps, started twice under one key. The first worker of `a` dies, and comes back while the second one runs it, and once more when that one has completed. */
async function story(db: TestDatabase): Promise<Parameters<typeof breaches>[0]> {
  const attempts: AttemptNote[] = [];
  await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
  const runId = await db.make.start('w', {}, { idempotency_key: 'k' });
  await db.make.start('w', {}, { idempotency_key: 'k' });
  const acknowledged: Acknowledged[] = [{ key: 'k', runId, workflow: 'w', input: {} }];
  const first = new Handlers(await db.make.worker({ heartbeatTimeoutMs: 1_000 }), 'first', attempts);
  await first.begin();
  await db.clock.advance(2_000);
  const second = new Handlers(await db.make.worker(), 'second', attempts);
  await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 10]);
  await second.begin();
  await first.end();
  await second.end();
  await first.report();
  await second.begin();
  await second.end();
  return readHistory(db, { acknowledged, attempts });
}

/** A worker that runs what it claims when the story says so. */
class Handlers {
  private tasks: Awaited<ReturnType<TestWorker['claim']>> = [];

  constructor(
    private readonly worker: TestWorker,
    private readonly name: string,
    private readonly notes: AttemptNote[],
  ) {}

  async begin(): Promise<void> {
    this.tasks = await this.worker.claim();
    this.note('start');
  }

  async end(): Promise<void> {
    this.note('end');
    await this.report();
  }

  async report(): Promise<void> {
    if (this.tasks.length > 0) await this.worker.completeAll(this.tasks.map((task) => [task, this.name]));
  }

  private note(kind: 'start' | 'end'): void {
    for (const { run_id: runId, step_slug: stepSlug, task_index: taskIndex, attempt } of this.tasks) {
      this.notes.push({ kind, process: this.name, at: this.notes.length, runId, stepSlug, taskIndex, attempt, output: this.name });
    }
  }
}
