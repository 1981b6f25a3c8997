// The checker catches what it is there for: a history that keeps all laws, and for each law one in which a single fact is tampered with.
import { breaches, type LawName } from './checker.js';
import type { Change, History, PartRow } from './history.js';
import * as laws from './laws.js';

const RUN = 'run-1';
const task = (seq: number, stepSlug: string, status: string, more: Partial<Change> = {}): Change => {
  const held = status === 'queued' ? { attempt: 0, workerId: null } : { attempt: 1, workerId: 'w1' };
  const output = status === 'completed' ? `${stepSlug} done` : null;
  return { seq, subject: 'task', runId: RUN, stepSlug, taskIndex: 0, status, ...held, output, ...more };
};
const step = (seq: number, stepSlug: string, status: string): Change => ({
  ...task(seq, stepSlug, status),
  subject: 'step',
  taskIndex: null,
  attempt: null,
  workerId: null,
  output: null,
});
const note = (kind: 'start' | 'end', at: number, stepSlug: string) => ({
  kind,
  process: 'executor-1',
  at,
  runId: RUN,
  stepSlug,
  taskIndex: 0,
  attempt: 1,
  ...(kind === 'end' && { output: `${stepSlug} done` }),
});
const parts: PartRow[] = ['a', 'b'].flatMap((stepSlug) => [
  { runId: RUN, stepSlug, taskIndex: null, status: 'completed' },
  { runId: RUN, stepSlug, taskIndex: 0, status: 'completed' },
]);

/** One run of two steps, b after a, as it should go. */
const lawful: History = {
  acknowledged: [{ key: 'k1', runId: RUN, workflow: 'w', input: null }],
  attempts: [note('start', 10, 'a'), note('end', 20, 'a'), note('start', 30, 'b'), note('end', 40, 'b')],
  changes: [
    task(1, 'a', 'queued'),
    task(2, 'a', 'started'),
    task(3, 'a', 'completed'),
    step(4, 'a', 'completed'),
    task(5, 'b', 'queued'),
    task(6, 'b', 'started'),
    task(7, 'b', 'completed'),
    step(8, 'b', 'completed'),
  ],
  dependencies: [{ workflow: 'w', stepSlug: 'b', dependsOn: 'a' }],
  runs: [{ runId: RUN, workflow: 'w', key: 'k1', status: 'completed', output: {} }],
  parts,
  messages: 0,
  crashes: [],
};
const changed = (seq: number, more: Partial<Change>): History => ({
  ...lawful,
  changes: lawful.changes.map((change) => (change.seq === seq ? { ...change, ...more } : change)),
});

const tampered: [LawName, string, History][] = [
  ['nothingAcknowledgedIsLost', 'the run is gone', { ...lawful, runs: [] }],
  ['nothingAcknowledgedIsLost', 'a key has two runs', { ...lawful, runs: [...lawful.runs, { ...lawful.runs[0]!, runId: 'run-2' }] }],
  ['everythingEnds', 'the run is open', { ...lawful, runs: [{ ...lawful.runs[0]!, status: 'started' }] }],
  ['everythingEnds', 'a task is queued', { ...lawful, parts: [...lawful.parts, { ...lawful.parts[1]!, taskIndex: 1, status: 'queued' }] }],
  [
    'oneEffectiveCompletionPerTask',
    'a task of a completed run never completed',
    { ...lawful, changes: lawful.changes.filter(({ seq }) => seq !== 7) },
  ],
  ['everythingEnds', 'a message is left', { ...lawful, messages: 1 }],
  [
    'oneEffectiveCompletionPerTask',
    'a zombie writes a completed task again',
    { ...lawful, changes: [...lawful.changes, task(9, 'b', 'completed', { attempt: 2 })] },
  ],
  ['onlyTheHolderCompletes', 'another worker completes it', changed(7, { workerId: 'w2' })],
  ['onlyTheHolderCompletes', 'another attempt completes it', changed(7, { attempt: 2 })],
  [
    'attemptsOnlyRise',
    'the task is claimed again as the same attempt',
    { ...lawful, changes: [...lawful.changes.slice(0, 2), task(2.5, 'a', 'started'), ...lawful.changes.slice(2)] },
  ],
  ['attemptsOnlyRise', 'one attempt runs twice', { ...lawful, attempts: [...lawful.attempts, note('start', 50, 'b')] }],
  [
    'attemptsOnlyRise',
    'one attempt runs twice after a crash',
    { ...lawful, attempts: [...lawful.attempts, note('start', 50, 'b')], crashes: [{ from: 12, to: 18 }] },
  ],
  ['outputsAreWhatHandlersReturned', 'another output is stored', changed(7, { output: 'something else' })],
  [
    'stepsNeverBeforeTheirDependencies',
    'b is queued before a ended',
    { ...lawful, changes: [task(0, 'b', 'queued'), ...lawful.changes.filter(({ seq }) => seq !== 5)] },
  ],
  [
    'stepsNeverBeforeTheirDependencies',
    'the handler of b begins before that of a returned',
    { ...lawful, attempts: lawful.attempts.map((one) => (one.kind === 'start' && one.stepSlug === 'b' ? { ...one, at: 15 } : one)) },
  ],
];

describe('the checker', () => {
  it('finds nothing in a lawful history', () => {
    expect(breaches(lawful)).toEqual([]);
  });

  it('lets an attempt run once more where a crash of the database took its claim back', () => {
    const attempts = [note('start', 30, 'b'), note('start', 41, 'b'), note('end', 45, 'b'), note('end', 50, 'b')];
    expect(breaches({ ...lawful, attempts: [...lawful.attempts.slice(0, 2), ...attempts], crashes: [{ from: 32, to: 40 }] })).toEqual([]);
  });

  it.each(tampered)('finds a breach of %s when %s', (law, _what, history) => {
    expect(breaches(history).map((breach) => breach.law)).toContain(law);
  });

  it('is tried with a tampered history for each law', () => {
    expect(new Set(tampered.map(([law]) => law))).toEqual(new Set(Object.keys(laws)));
  });
});
