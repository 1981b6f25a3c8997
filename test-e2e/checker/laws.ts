// The laws that a history must keep. Each is a function of the history that answers what breaks it, as sentences; none knows how the engine works,
// only what it promises.
import { isDeepStrictEqual } from 'node:util';
import type { AttemptNote } from '../harness/attempts.js';
import type { Change, History } from './history.js';

export type Law = (history: History) => string[];

const FINAL: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'skipped']);

interface Named {
  readonly runId: string;
  readonly stepSlug: string | null;
  readonly taskIndex: number | null;
}

const nameOf = ({ runId, stepSlug, taskIndex }: Named): string => [runId, stepSlug, taskIndex].filter((part) => part !== null).join(':');
const attemptOf = (name: Named & { readonly attempt: number | null }): string => `${nameOf(name)} attempt ${name.attempt}`;

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const tasksOf = ({ changes }: History): Map<string, Change[]> =>
  grouped(
    changes.filter(({ subject }) => subject === 'task'),
    nameOf,
  );

/** What a client was told to be stored is there, and once: a key names one run. */
export const nothingAcknowledgedIsLost: Law = ({ acknowledged, runs }) => {
  const stored = new Map(runs.map((run) => [run.runId, run]));
  const lost = acknowledged.filter(({ runId, key }) => stored.get(runId)?.key !== key);
  const keys = grouped(
    runs.filter(({ key }) => key !== null),
    ({ workflow, key }) => `${workflow} ${key}`,
  );
  const twice = [...keys].filter(([, same]) => same.length > 1);
  return [
    ...lost.map(({ runId, key }) => `run ${runId} of key ${key} was acknowledged and is not stored`),
    ...twice.map(([key, same]) => `${same.length} runs have the key ${key}`),
  ];
};

/** Runs, steps and tasks are final, and no message is left over. */
export const everythingEnds: Law = ({ runs, parts, messages }) => [
  ...runs.filter(({ status }) => !FINAL.has(status)).map(({ runId, status }) => `run ${runId} is ${status} at the end`),
  ...parts.filter(({ status }) => !FINAL.has(status)).map((part) => `${nameOf(part)} is ${part.status} at the end`),
  ...(messages === 0 ? [] : [`${messages} messages are left in queues`]),
];

/** A task is completed at most once, exactly once in a completed run (no scenario skips steps), and nothing happens to it afterwards. */
export const oneEffectiveCompletionPerTask: Law = (history) => {
  const completedRuns = new Set(history.runs.filter(({ status }) => status === 'completed').map(({ runId }) => runId));
  return [...tasksOf(history)].flatMap(([task, changes]) => {
    const first = changes.findIndex(({ status }) => status === 'completed');
    if (first < 0) return completedRuns.has(changes[0]!.runId) ? [`${task} of a completed run never completed`] : [];
    return changes.slice(first + 1).map(({ status }) => `${task} was completed and written again, as ${status}`);
  });
};

/** Who completes a task holds it: the last claim before was by the same worker with the same attempt. */
export const onlyTheHolderCompletes: Law = (history) =>
  [...tasksOf(history)].flatMap(([task, changes]) =>
    changes.flatMap((change, at) => {
      if (change.status !== 'completed') return [];
      const before = changes[at - 1];
      if (before?.status === 'started' && before.attempt === change.attempt && before.workerId === change.workerId) return [];
      return [`${task} was completed by attempt ${change.attempt} of ${change.workerId}, held by ${before?.workerId ?? 'nobody'}`];
    }),
  );

/**
 * Attempts rise with every claim, and one attempt is one run of the handler. But a claim that was not on the disk when the database crashed never was:
 * its handler runs, and the next claim counts the same attempt once more.
 */
export const attemptsOnlyRise: Law = (history) => {
  const claims = [...tasksOf(history)].flatMap(([task, changes]) => {
    const attempts = changes.filter(({ status }) => status === 'started').map(({ attempt }) => attempt ?? 0);
    return attempts.some((attempt, at) => at > 0 && attempt <= attempts[at - 1]!) ? [`${task} was claimed as ${attempts.join(', ')}`] : [];
  });
  const starts = history.attempts.filter(({ kind }) => kind === 'start');
  const isCrashBetween = (before: AttemptNote, after: AttemptNote) =>
    history.crashes.some(({ from, to }) => before.at <= to && after.at >= from);
  const twice = [...grouped(starts, attemptOf)].filter(([, same]) =>
    same.some((start, at) => at > 0 && !isCrashBetween(same[at - 1]!, start)),
  );
  return [...claims, ...twice.map(([attempt, same]) => `${attempt} ran ${same.length} times`)];
};

/** The stored output is what the attempt that counts returned. */
export const outputsAreWhatHandlersReturned: Law = ({ changes, attempts }) => {
  const returned = new Map(attempts.filter(({ kind }) => kind === 'end').map((note) => [attemptOf(note), note]));
  return changes
    .filter(({ subject, status }) => subject === 'task' && status === 'completed')
    .flatMap((change) => {
      const note = returned.get(attemptOf(change));
      if (note === undefined) return [`${attemptOf(change)} completed and never returned`];
      return isDeepStrictEqual(note.output ?? null, change.output) ? [] : [`${attemptOf(change)} returned something else than is stored`];
    });
};

/** A step begins when all it depends on has ended: in the database, and with the handlers. */
export const stepsNeverBeforeTheirDependencies: Law = (history) => {
  const { changes, dependencies, runs } = history;
  const steps = grouped(dependencies, ({ workflow, stepSlug }) => `${workflow} ${stepSlug}`);
  const workflows = new Map(runs.map(({ runId, workflow }) => [runId, workflow]));
  const needsOf = ({ runId, stepSlug }: Pick<Named, 'runId' | 'stepSlug'>): string[] =>
    (steps.get(`${workflows.get(runId)} ${stepSlug}`) ?? []).map(({ dependsOn }) => `${runId}:${dependsOn}`);
  const ended = endsOfSteps(changes);
  const early = changes
    .filter(({ subject }) => subject === 'task')
    .filter((change) => needsOf(change).some((step) => !(ended.get(step)! < change.seq)))
    .map((change) => `${nameOf(change)} was ${change.status} before a step that it depends on had ended`);
  const returned = returnsOfSteps(history);
  const ran = history.attempts
    .filter(({ kind }) => kind === 'start')
    .filter((note) => needsOf(note).some((step) => !((returned.get(step) ?? -Infinity) <= note.at)))
    .map((note) => `the handler of ${nameOf(note)} began before that of a step that it depends on returned`);
  return [...early, ...ran];
};

/** Of each step that ended, when it had: its row was final and all its tasks that completed were. */
function endsOfSteps(changes: readonly Change[]): Map<string, number> {
  const stepOf = ({ runId, stepSlug }: Change): string => `${runId}:${stepSlug}`;
  const final = changes.filter(({ subject, status }) => subject === 'step' && FINAL.has(status));
  const ends = new Map(final.toReversed().map((change) => [stepOf(change), change.seq]));
  for (const change of changes) {
    if (change.subject !== 'task' || change.status !== 'completed') continue;
    const end = ends.get(stepOf(change));
    if (end !== undefined) ends.set(stepOf(change), Math.max(end, change.seq));
  }
  return ends;
}

/** Of each step, when the last of its attempts that count returned; of one that ran twice over a crash, the first run is taken. */
function returnsOfSteps({ changes, attempts }: History): Map<string, number> {
  const counts = new Set(changes.filter(({ subject, status }) => subject === 'task' && status === 'completed').map(attemptOf));
  const returns = attempts.filter((note: AttemptNote) => note.kind === 'end' && counts.has(attemptOf(note)));
  const firsts = [...grouped(returns, attemptOf).values()].map(([first]) => first!);
  const steps = grouped(firsts, ({ runId, stepSlug }) => `${runId}:${stepSlug}`);
  return new Map([...steps].map(([step, notes]) => [step, Math.max(...notes.map(({ at }) => at))]));
}
