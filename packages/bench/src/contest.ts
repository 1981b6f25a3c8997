// Runs workloads: for each, all peers open their trials, then their rounds alternate (A B C, B C A, ...), then all is checked off. A peer that
// fails is noted and left out of the rest of that workload; the others go on.
import type { Round } from './measure/statistics.js';
import { inLanes } from './peers/batches.js';
import type { Peer, Settings } from './peers/peer.js';
import type { Server } from './server.js';
import type { Sizes } from './sizes.js';
import type { Trial, Workload } from './workloads/workload.js';

/** Databases are made and processes started side by side; who warms up or is measured is alone. */
const OPENING_LANES = 3;
const LAST_CALL = 0.85;

/** A peer with the settings that it competes with; a sweep has several of one peer. */
export interface Contestant {
  readonly key: string;
  readonly peer: Peer;
  readonly settings: Settings;
}

export interface Score {
  readonly rounds: Round[];
  readonly mistakes: string[];
  failure: string | null;
}

export type Scores = ReadonlyMap<string, Score>;

interface Entry {
  readonly contestant: Contestant;
  readonly score: Score;
  url: string | null;
  trial: Trial | null;
}

export interface ContestOptions {
  readonly server: Server;
  readonly sizes: Sizes;
  readonly log: (line: string) => void;
}

export class Contest {
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

  async hold(workload: Workload, contestants: readonly Contestant[]): Promise<Scores> {
    const taking = contestants.filter(({ peer }) => workload.name in peer.takesPart);
    const entries = taking.map((contestant): Entry => ({
      contestant,
      score: { rounds: [], mistakes: [], failure: null },
      url: null,
      trial: null,
    }));
    try {
      await inLanes(entries, OPENING_LANES, (entry) => this.attempt(entry, () => this.open(workload, entry)));
      for (const entry of entries) if (!this.isOver) await this.attempt(entry, async () => entry.trial?.warmUp());
      for (let round = 0; round < this.options.sizes.rounds; round += 1) {
        for (const entry of rotated(entries, round)) {
          if (entry.trial !== null && !this.isOver) await this.attempt(entry, () => this.round(workload, entry));
        }
      }
    } finally {
      await inLanes(entries, OPENING_LANES, (entry) => this.close(entry));
    }
    return new Map(entries.map(({ contestant, score }) => [contestant.key, score]));
  }

  private async open(workload: Workload, entry: Entry): Promise<void> {
    const { server, sizes } = this.options;
    const { peer, settings } = entry.contestant;
    entry.url = await server.databaseFor(peer);
    entry.trial = await workload.open({ peer, settings, sizes, url: entry.url, postmasterPid: server.postmasterPid });
  }

  private async round(workload: Workload, { contestant, score, trial }: Entry): Promise<void> {
    const { metrics, mistakes } = await trial!.round();
    score.rounds.push(metrics);
    score.mistakes.push(...mistakes);
    const figures = Object.entries(metrics).map(([metric, value]) => `${metric} ${value === null ? '-' : Number(value.toPrecision(4))}`);
    this.options.log(`${workload.name} ${contestant.key} round ${score.rounds.length}: ${figures.join(', ')}`);
    for (const mistake of mistakes) this.options.log(`  MISTAKE: ${mistake}`);
  }

  private async attempt(entry: Entry, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      entry.score.failure = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
      this.options.log(`${entry.contestant.key} FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      await this.close(entry);
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
