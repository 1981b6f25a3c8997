// The workloads by name, as `--only` takes them and the JSON has them.
export const WORKLOAD_NAMES = [
  'chain1',
  'chain3',
  'chain10',
  'fanout',
  'latency',
  'latency3',
  'history',
  'bloat',
  'submission',
  'scalingExecutors',
  'scalingRouters',
  'scalingDatabase',
  'regionsThroughput',
  'regionsSubmission',
  'regionsDecisions',
  'regionsCheck',
] as const;
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

const SCALING: readonly WorkloadName[] = ['scalingExecutors', 'scalingRouters', 'scalingDatabase'];

/** What several regions cost: asked for by name only, for it takes servers of its own. */
export const REGIONS: readonly WorkloadName[] = ['regionsThroughput', 'regionsSubmission', 'regionsDecisions', 'regionsCheck'];

/** Without being asked for. */
export const USUAL: readonly WorkloadName[] = WORKLOAD_NAMES.filter((name) => !REGIONS.includes(name));

/** What is compared among the peers, and fits into `--quick`. */
export const COMPARED: readonly WorkloadName[] = USUAL.filter((name) => !SCALING.includes(name));

/** Words of `--only` that mean other workloads, or need them: a history is told as a share of the same chains without one. */
const MEANINGS: Readonly<Record<string, readonly WorkloadName[]>> = {
  cost: ['chain3'],
  scaling: SCALING,
  regions: REGIONS,
  history: ['chain3', 'history'],
  bloat: ['chain3', 'bloat'],
};
export const ONLY_WORDS: readonly string[] = [...WORKLOAD_NAMES, 'cost', 'scaling', 'regions'];

/** Each once, in the order of the words. */
export const workloadsMeant = (words: readonly string[]): WorkloadName[] => [
  ...new Set(words.flatMap((word) => MEANINGS[word] ?? [word as WorkloadName])),
];
