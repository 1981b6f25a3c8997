// Runs workloads: for each, all peers open their trials, then their rounds alternate (A B C, B C A, ...), then all is checked off. A peer that
// fails is noted and left out of the rest of that workload; the others go on.
import type { Round } from './measure/statistics.js';
import { inLanes } from './peers/batches.js';
import type { Peer, Settings } from './peers/peer.js';
import type { Server } from './server.js';
import type { Sizes } from './sizes.js';
import type { WorkloadName } from './workloads/names.js';
import { Skipped, type Trial, type Workload } from './workloads/workload.js';

/** Databases are made and processes started side by side; who warms up or is measured is alone. */
const OPENING_LANES = 3;
const LAST_CALL = 0.85;

/** A peer with the settings that it competes with; a sweep has several of one peer, and so has a workload that varies one. */
export interface Contestant {
  readonly key: string;
  /** Of the table, where it is not the peer's. */
  readonly label?: string;
  readonly peer: Peer;
  readonly settings: Settings;
}

export interface Score {
  readonly rounds: Round[];
  readonly mistakes: string[];
  failure: string | null;
  /** Why it was left out, which is no failure. */
  skipped?: string;
}

export type Scores = ReadonlyMap<string, Score>;

interface Entry {
  readonly contestant: Contestant;
  score: Score;
  url: string | null;
  trial: Trial | null;
}

export interface ContestOptions {
  readonly server: Server;
  readonly sizes: Sizes;
  readonly log: (line: string) => void;
}

export class Contest {
  /** Who took part in some workload without being one of the contestants. */
  readonly others: Contestant[] = [];
  private readonly beganMs = performance.now();

  constructor(private readonly options: ContestOptions) {}

  get seconds(): number {
    return (performance.now() - this.beganMs) / 1_000;
  }

  /** No further workload begins: making its databases takes a while, and leaving them too. */
  get isAlmostOver(): boolean {
    return this.seconds > this.options.sizes.limitSeconds * LAST_CALL;
  }

  private get isOver(): boolean {
    return this.seconds > this.options.sizes.limitSeconds;
  }

  /** Scores of the workload and of its sequel, as far as they are wanted. */
  async hold(
    workload: Workload,
    contestants: readonly Contestant[],
    wanted: readonly WorkloadName[],
  ): Promise<ReadonlyMap<string, Scores>> {
    const entries = (await this.entrantsOf(workload, contestants)).map((contestant): Entry => ({
      contestant,
      score: { rounds: [], mistakes: [], failure: null },
      url: null,
      trial: null,
    }));
    const scores = new Map<string, Scores>();
    try {
      await inLanes(entries, OPENING_LANES, (entry) => this.attempt(entry, () => this.open(workload, entry)));
      for (const entry of entries) if (!this.isOver) await this.attempt(entry, async () => entry.trial?.warmUp());
      if (wanted.includes(workload.name)) scores.set(workload.name, await this.rounds(workload.name, entries));
      if (workload.sequel !== undefined && wanted.includes(workload.sequel.name)) {
        for (const entry of entries) await this.beginSequel(entry);
        scores.set(workload.sequel.name, await this.rounds(workload.sequel.name, entries));
      }
    } finally {
      await inLanes(entries, OPENING_LANES, (entry) => this.close(entry));
    }
    return scores;
  }

  private async entrantsOf(workload: Workload, contestants: readonly Contestant[]): Promise<readonly Contestant[]> {
    const able = contestants.filter(({ peer }) => workload.name in peer.takesPart);
    if (workload.entrants === undefined) return able;
    const entrants = await workload.entrants(contestants, this.options.sizes);
    this.others.push(...entrants.filter((entrant) => !contestants.includes(entrant)));
    return entrants;
  }

  private async rounds(name: WorkloadName, entries: readonly Entry[]): Promise<Scores> {
    for (let round = 0; round < this.options.sizes.rounds; round += 1) {
      for (const entry of rotated(entries, round)) {
        if (entry.trial !== null && !this.isOver) await this.attempt(entry, () => this.round(name, entry));
      }
    }
    return new Map(entries.map(({ contestant, score }) => [contestant.key, score]));
  }

  /** Who failed before fails here too; the rounds of before are not those of the sequel. */
  private async beginSequel(entry: Entry): Promise<void> {
    entry.score = { ...entry.score, rounds: [], mistakes: [] };
    if (!this.isOver) await this.attempt(entry, async () => entry.trial?.beginSequel?.());
  }

  private async open(workload: Workload, entry: Entry): Promise<void> {
    const { server, sizes, log } = this.options;
    const { key, peer, settings } = entry.contestant;
    entry.url = await server.databaseFor(peer);
    entry.trial = await workload.open({
      peer,
      settings,
      sizes,
      url: entry.url,
      server,
      postmasterPid: server.postmasterPid,
      log: (line) => log(`${workload.name} ${key}: ${line}`),
    });
  }

  private async round(name: WorkloadName, { contestant, score, trial }: Entry): Promise<void> {
    const { metrics, mistakes } = await trial!.round();
    score.rounds.push(metrics);
    score.mistakes.push(...mistakes);
    const figures = Object.entries(metrics).map(([metric, value]) => `${metric} ${value === null ? '-' : Number(value.toPrecision(4))}`);
    this.options.log(`${name} ${contestant.key} round ${score.rounds.length}: ${figures.join(', ')}`);
    for (const mistake of mistakes) this.options.log(`  MISTAKE: ${mistake}`);
  }

  private async attempt(entry: Entry, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.close(entry);
      if (error instanceof Skipped) {
        entry.score.skipped = error.message;
        return this.options.log(`${entry.contestant.key} left out: ${error.message}`);
      }
      entry.score.failure = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
      this.options.log(`${entry.contestant.key} FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  private async close(entry: Entry): Promise<void> {
    const { trial, url } = entry;
    entry.trial = null;
    entry.url = null;
    await trial?.close();
    if (url !== null) await this.options.server.drop(url);
  }
}

const rotated = <Item>(items: readonly Item[], by: number): Item[] => items.map((_, at) => items[(at + by) % items.length]!);
