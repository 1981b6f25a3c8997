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
}

export interface Result {
  readonly date: string;
  readonly mode: string;
  readonly seconds: number;
  readonly commit: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly postgresql: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, Settings>>;
  /** What a reader must know of how a peer does a workload: peer -> workload -> sentence. */
  readonly notes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly workloads: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
}

const COST = ['walBytesPerStep', 'commitsPerStep', 'rowWritesPerStep', 'hotUpdateShare', 'databaseCpuMsPerStep', 'nodeCpuMsPerStep'];
const COST_OF = 'chain3';

const NOTHING = { stepsPerSecond: null, runsPerSecond: null, p50Ms: null, p99Ms: null, walBytesPerStep: null };

export function entryOf({ rounds, mistakes, failure }: Score): Entry {
  const { median, min, max } = summarize(rounds);
  return { ...NOTHING, ...median, min, max, rounds, mistakes, failure };
}

/** Scores by workload, with `cost` as a view of the 3-step chains. */
export function workloadsOf(scores: ReadonlyMap<string, Scores>): Result['workloads'] {
  const all: Record<string, Record<string, Entry>> = {};
  for (const [workload, byPeer] of scores) all[workload] = Object.fromEntries([...byPeer].map(([key, score]) => [key, entryOf(score)]));
  const costly = scores.get(COST_OF);
  if (costly)
    all['cost'] = Object.fromEntries([...costly].map(([key, score]) => [key, entryOf({ ...score, rounds: score.rounds.map(costOf) })]));
  return all;
}

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
