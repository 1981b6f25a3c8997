// What a reader would divide by hand, as sentences at the end of the tables.
import { ratio } from './format.js';
import type { Result } from './result.js';

/** Workload, who, and which metric of it. */
type Place = readonly [workload: string, key: string, metric?: string];

const RATIOS: readonly { readonly sentence: string; readonly one: Place; readonly other: Place }[] = [
  { sentence: '3-step chains, ours to DBOS', one: ['chain3', 'ours'], other: ['chain3', 'dbos'] },
  { sentence: '10-step chains, ours to DBOS', one: ['chain10', 'ours'], other: ['chain10', 'dbos'] },
  { sentence: '1-step runs, ours to graphile-worker batched', one: ['chain1', 'ours'], other: ['chain1', 'graphileBatched'] },
  { sentence: '1-step runs, ours to graphile-worker plain', one: ['chain1', 'ours'], other: ['chain1', 'graphile'] },
  { sentence: '3-step chains, ours to the floor', one: ['chain3', 'ours'], other: ['chain3', 'floor'] },
  { sentence: '3-step chains, ours with a long history to ours without', one: ['history', 'ours'], other: ['chain3', 'ours'] },
  {
    sentence: '3-step chains, ours with a long history and an open transaction to ours without',
    one: ['bloat', 'ours'],
    other: ['chain3', 'ours'],
  },
  {
    sentence: '3-step chains beside a long history, ours with an open transaction to ours without',
    one: ['bloat', 'ours'],
    other: ['history', 'ours'],
  },
  { sentence: '2 executors to 1', one: ['scalingExecutors', 'executors2'], other: ['scalingExecutors', 'executors1'] },
  { sentence: '4 executors to 1', one: ['scalingExecutors', 'executors4'], other: ['scalingExecutors', 'executors1'] },
  {
    sentence: '2 routers to 1',
    one: ['scalingRouters', 'routers2', 'runsPerSecond'],
    other: ['scalingRouters', 'routers1', 'runsPerSecond'],
  },
  {
    sentence: '1 of 3 regions at work to 1 region alone',
    one: ['regionsThroughput', 'regionOfThree'],
    other: ['regionsThroughput', 'regionAlone'],
  },
  {
    sentence: '3 regions at work to 1 region alone, on one machine',
    one: ['regionsThroughput', 'regionsThree'],
    other: ['regionsThroughput', 'regionAlone'],
  },
  {
    sentence: '1 executor to what the database alone does',
    one: ['scalingExecutors', 'executors1'],
    other: ['scalingDatabase', 'pgbenchSteps'],
  },
];

/** One sentence for each that can be told. */
export function ratios({ workloads }: Pick<Result, 'workloads'>): string[] {
  const valueAt = ([workload, key, metric = 'stepsPerSecond']: Place): unknown => workloads[workload]?.[key]?.[metric];
  return RATIOS.map(({ sentence, one, other }) => ({ sentence, value: ratio(valueAt(one), valueAt(other)) }))
    .filter(({ value }) => value !== '-')
    .map(({ sentence, value }) => `${sentence}: ${value}`);
}
