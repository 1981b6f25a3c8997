// The result of a bench: what is written as JSON, drawn, and kept.
import type { Score, Scores } from '../contest.js';
import { type Round, summarize } from '../measure/statistics.js';
import type { Settings } from '../peers/peer.js';
import type { Machine } from './machine.js';

/** Of one peer in one workload: the medians of its rounds. Null is what cannot be, or was not, measured. */
export interface Entry {
  readonly stepsPerSecond: number | null;
  readonly runsPerSecond: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly walBytesPerStep: number | null;
  /** Further metrics of the workload. */
  readonly [metric: string]: unknown;
  readonly min: Round;
  readonly max: Round;
  readonly rounds: readonly Round[];
  /** Outputs or handler calls that are not what they must be. */
  readonly mistakes: readonly string[];
  /** Why rounds are missing. */
  readonly failure: string | null;
  /** Why it was left out on this machine, which is no failure. */
  readonly skipped: string | null;
}

export interface Result {
  readonly date: string;
  readonly mode: string;
  /** The workloads, where not everything of this size was measured as it is. */
  readonly part: readonly string[] | null;
  readonly seconds: number;
  readonly commit: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly postgresql: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, Settings>>;
  /** How tables name who took part. */
  readonly labels: Readonly<Record<string, string>>;
  /** What a reader must know of how a peer does a workload: peer -> workload -> sentence. */
  readonly notes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly workloads: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
}

const COST = [
  'walBytesPerStep',
  'commitsPerStep',
  'rowWritesPerStep',
  'hotUpdateShare',
  'databaseCpuMsPerStep',
  'nodeCpuMsPerStep',
  'claimsPerStep',
  'handedOverPerStep',
];
const COST_OF = 'chain3';
/** The same chains with a burden: told as shares of those without. */
const BURDENED = ['history', 'bloat'];

const NOTHING = { stepsPerSecond: null, runsPerSecond: null, p50Ms: null, p99Ms: null, walBytesPerStep: null };

export function entryOf({ rounds, mistakes, failure, skipped }: Score): Entry {
  const { median, min, max } = summarize(rounds);
  return { ...NOTHING, ...median, min, max, rounds, mistakes, failure, skipped: skipped ?? null };
}

/** Scores by workload, with `cost` as a view of the 3-step chains. A burdened workload has its share of the same peer's 3-step chains. */
export function workloadsOf(scores: ReadonlyMap<string, Scores>): Result['workloads'] {
  const all: Record<string, Record<string, Entry>> = {};
  for (const [workload, byPeer] of scores) all[workload] = Object.fromEntries([...byPeer].map(([key, score]) => [key, entryOf(score)]));
  for (const burdened of BURDENED) {
    for (const [key, entry] of Object.entries(all[burdened] ?? {}))
      all[burdened]![key] = { ...entry, shareOfUnburdened: shareOf(entry, all[COST_OF]?.[key]) };
  }
  const costly = scores.get(COST_OF);
  if (costly)
    all['cost'] = Object.fromEntries([...costly].map(([key, score]) => [key, entryOf({ ...score, rounds: score.rounds.map(costOf) })]));
  return all;
}

const shareOf = ({ stepsPerSecond }: Entry, other: Entry | undefined): number | null =>
  stepsPerSecond === null || !other?.stepsPerSecond ? null : stepsPerSecond / other.stepsPerSecond;

const costOf = (round: Round): Round => Object.fromEntries(COST.map((metric) => [metric, round[metric] ?? null]));

/** Sentences about what must not be: mistakes and failures, each with its place. */
export function troublesOf({ workloads }: Pick<Result, 'workloads'>): string[] {
  return Object.entries(workloads)
    .filter(([workload]) => workload !== 'cost')
    .flatMap(([workload, entries]) =>
      Object.entries(entries).flatMap(([key, { mistakes, failure }]) =>
        [...mistakes, ...(failure === null ? [] : [failure])].map((sentence) => `${workload}, ${key}: ${sentence}`),
      ),
    );
}
