// What the bench asks of a contestant. One file per peer says how it is installed, fed, run and checked; nothing else in the bench knows it.
import type { Sql } from '../database.js';
import { lastStepOf, type Handle, type Shape, type StepOutput } from '../shape.js';
import type { WorkloadName } from '../workloads/names.js';

export const PEER_NAMES = ['ours', 'dbos', 'graphile', 'graphileBatched', 'pgboss', 'floor'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

/** Numbers that the sweep varies; which ones, each peer says. `workers` (processes) is everybody's. */
export type Settings = Readonly<Record<string, number>>;

export function setting(settings: Settings, name: string): number {
  const value = settings[name];
  if (value === undefined) throw new Error(`no setting "${name}" among ${Object.keys(settings).join(', ')}`);
  return value;
}

/** One peer in one database, with one shape of runs. */
export interface Site {
  /** As superuser in the bench's own process; what `Peer.workerUrl` says in a worker. */
  readonly url: string;
  readonly shape: Shape;
  readonly settings: Settings;
  /** Whose runs they are, dealt round, where it matters; else the peer's own choice. */
  readonly tenants?: readonly string[];
}

export interface Peer {
  readonly name: PeerName;
  /** Of the table. */
  readonly label: string;
  /** Whose version is noted; none for the floor. */
  readonly packageName: string | null;
  /** The best of the sweep. */
  readonly settings: Settings;
  /** What differs where one run at a time is under way: what its documentation has for latency. */
  readonly idleSettings: Settings;
  /** What the sweep tries. */
  readonly candidates: readonly Settings[];
  /** On an idle system a run is started in the process that runs it. */
  readonly startsWhereItRuns: boolean;
  /** Does it take part, and what must a reader know about how? `''`: nothing special. */
  readonly takesPart: Partial<Record<WorkloadName, string>>;
  /** Makes the schema in an empty database, which then is copied for every workload. */
  install(adminUrl: string): Promise<void>;
  /** Address for the workers, where they are not the superuser. */
  workerUrl?(adminUrl: string): Promise<string>;
  feeder(site: Site): Promise<Feeder>;
  /** `tenants`: those of the runs that are looked for; without it all. */
  looker(sql: Sql, shape: Shape, tenants?: readonly string[]): Looker;
  worker(site: WorkerSite): PeerWorker;
}

/** Submits runs through the peer's own API. Opened for each round and closed before the clock starts. Runs have numbers that rise. */
export interface Feeder {
  /** In the largest batches that the peer documents. */
  submit(range: Range): Promise<void>;
  /** One run in one call; answers how `Looker.isDone` finds it. */
  submitOne(run: number): Promise<string>;
  close(): Promise<void>;
}

/** Sees in the peer's tables what has become of the runs. */
export interface Looker {
  /** A round begins: what `unfinished` and `check` are about. */
  expect(range: Range): Promise<void>;
  isDone(handle: string): Promise<boolean>;
  /** How many of the range are not finished. Asked every few milliseconds once all handlers were called. */
  unfinished(): Promise<number>;
  /** Looks at every run of the range: a sentence for each kind of mistake. */
  check(): Promise<string[]>;
  /** Adds finished runs, one insert per table, by copying those that are there. `note`: so many are in; what it throws ends the filling. */
  fillHistory(runs: number, note?: (done: number) => Promise<void>): Promise<void>;
}

export interface WorkerSite extends Site {
  /** Of this process among `settings.workers`. */
  readonly index: number;
  readonly handle: Handle;
}

/** A process that does the work. Started and stopped for every round, so that all rounds run in warm processes. */
export interface PeerWorker {
  /** Resolves when it looks for work. The range is for those that start what they run themselves. */
  start(range: Range): Promise<void>;
  /** Resolves when it holds no connection any more. */
  stop(): Promise<void>;
  /** Batches whose handlers were called and whose commit is not acknowledged yet, where the tables cannot be asked cheaply. */
  readonly pending?: number;
  /** What it counted since `start`, for the cost of a step; read when it has stopped. */
  readonly counters?: Readonly<Record<string, number>>;
  /** Of those that start where they run. */
  submitOne?(run: number): Promise<string>;
}

export interface Range {
  readonly first: number;
  readonly count: number;
}

/** Sentences about outputs that are not those of `first .. first + count - 1`, each once. */
export function mistakesInOutputs(outputs: readonly (StepOutput | null | undefined)[], { first, count }: Range, shape: Shape): string[] {
  const seen = new Set<number>();
  let wrong = 0;
  const step = lastStepOf(shape);
  for (const output of outputs) {
    const run = output?.run ?? -1;
    if (output?.step !== step || run < first || run >= first + count || seen.has(run)) wrong += 1;
    else seen.add(run);
  }
  const mistakes = [];
  if (wrong > 0) mistakes.push(`${wrong} of ${outputs.length} outputs are wrong or come twice`);
  if (seen.size !== count) mistakes.push(`${count - seen.size} of ${count} runs have no output`);
  return mistakes;
}
