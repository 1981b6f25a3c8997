// How much of everything. A round of a throughput workload has as many runs as the peer does in `seconds`, by its rate so far, so that slow
// and fast peers are measured for equally long.

export interface Sizes {
  readonly name: 'full' | 'quick' | 'tiny';
  readonly rounds: number;
  readonly seconds: number;
  /** Steps of the first, uncounted round. */
  readonly warmupSteps: number;
  /** Steps of one round at most. */
  readonly stepsMax: number;
  /** Finished runs that `history` begins with. */
  readonly historyRuns: number;
  /** To put them into the tables, for each peer. */
  readonly historySeconds: number;
  /** Single submissions of one round of `latency`. */
  readonly latencySamples: number;
  /** Of each half of a round of `submission`. */
  readonly submissionSeconds: number;
  /** When this much has passed, no further round begins; no further workload a little before. */
  readonly limitSeconds: number;
}

export const SIZES: Readonly<Record<Sizes['name'], Sizes>> = {
  full: {
    name: 'full',
    rounds: 3,
    seconds: 4,
    warmupSteps: 2_000,
    stepsMax: 300_000,
    historyRuns: 1_000_000,
    historySeconds: 240,
    latencySamples: 100,
    submissionSeconds: 1,
    limitSeconds: 1_140,
  },
  quick: {
    name: 'quick',
    rounds: 3,
    seconds: 0.5,
    warmupSteps: 300,
    stepsMax: 60_000,
    historyRuns: 20_000,
    historySeconds: 60,
    latencySamples: 30,
    submissionSeconds: 0.25,
    limitSeconds: 168,
  },
  tiny: {
    name: 'tiny',
    rounds: 1,
    seconds: 0,
    warmupSteps: 1,
    stepsMax: 300,
    historyRuns: 20,
    historySeconds: 60,
    latencySamples: 2,
    submissionSeconds: 0.01,
    limitSeconds: 300,
  },
};

/** Of a history; beyond it only our own engine is filled. */
export const HISTORY_OF_ALL_MAX = 1_000_000;
/** For each million beyond, on a machine of two cores with others on it. */
const SECONDS_PER_MILLION = 180;

/** The same with another history: a longer one has the time that it takes, and may not take the others'. */
export function withHistory(sizes: Sizes, historyRuns: number): Sizes {
  const extraSeconds = Math.ceil((Math.max(0, historyRuns - HISTORY_OF_ALL_MAX) / 1e6) * SECONDS_PER_MILLION);
  return {
    ...sizes,
    historyRuns,
    historySeconds: Math.max(sizes.historySeconds, SIZES.full.historySeconds) + extraSeconds,
    limitSeconds: sizes.limitSeconds + extraSeconds,
  };
}
