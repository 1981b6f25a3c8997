// One try of a fault on a planet: work for all regions goes on while the fault is there. At its end everything is healed, and the checker judges what all
// tries on this planet so far have left.
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { waitFor } from '@singularity-workflow/testkit';
import { type AcknowledgedRun, allCopiesAreEqual, everythingEndsEverywhere } from '../../checker/region-laws.js';
import { WITNESS } from '../../checker/quorum-laws.js';
import { breachesOfRegions } from '../../checker/regions.js';
import { outputOf } from '../../harness/load.js';
import type { Planet } from '../../harness/planet.js';
import { PlanetLoad, tenants } from '../../harness/planet-load.js';
import { type Start, startsOf } from '../../harness/gaps.js';
import { copyOf } from '../../harness/region-copies.js';
import { ended } from '../../harness/takeover.js';
import { Findings, type Verdict, wordsOf } from '../findings.js';
import { keepHistory } from './kept-history.js';

/** Each run has three steps that take so long. */
const WORK_MS = 100;
/** Of some, so that every home has open runs when the fault comes. */
const LONG_WORK_MS = 1_500;
const BATCH = 20;
const BETWEEN_BATCHES_MS = 300;
const LIMIT_MS = 180_000;

/** What all tries on a planet share. */
export interface Ground {
  readonly planet: Planet;
  readonly load: PlanetLoad;
  /** Of runs that were not started through `load`. */
  readonly acknowledged: AcknowledgedRun[];
  /** Of each region, when all its processes had stopped: were dead, or stood still. */
  readonly stoppedAt: Map<string, number[]>;
}

/** A region that something happens to. */
export interface Victim {
  readonly region: string;
  readonly others: readonly string[];
  /** That are at home there. */
  readonly tenants: readonly string[];
}

export class PlanetTrial extends Findings {
  private stopping = false;
  private input: object = {};
  private submitting: Promise<void> = Promise.resolve();

  constructor(
    private readonly ground: Ground,
    nth: number,
    random: () => number,
  ) {
    super(nth, random);
  }

  get planet(): Planet {
    return this.ground.planet;
  }

  /** Work for all regions, until the try ends, with this in the input of all runs. Returns when it is under way. */
  async work(input: object = {}): Promise<void> {
    const { load } = this.ground;
    this.input = input;
    const before = load.acknowledged.length;
    this.submitting = this.keepSubmitting();
    this.submitting.catch(() => undefined); // the end says it
    await waitFor(() => load.acknowledged.length >= before + 3 * BATCH, { until: 'work is under way', timeoutMs: LIMIT_MS });
    await this.longWork(LONG_WORK_MS);
    await this.anyMoment(1_000);
  }

  /** Runs whose steps take so long each, by default two of each tenant. */
  async longWork(workMs: number, runs = 2 * tenants.length, only?: 'local' | 'quorum'): Promise<void> {
    await this.ground.load.submit(runs, { workMs, ...this.input }, only);
  }

  /** A region that is home of some tenants. */
  async victim(): Promise<Victim> {
    const homes = await this.planet.homesOf(tenants);
    const regions = [...new Set(homes.values())].toSorted();
    const region = regions[Math.floor(this.random() * regions.length)]!;
    return {
      region,
      others: this.planet.names.filter((name) => name !== region),
      tenants: tenants.filter((tenant) => homes.get(tenant) === region),
    };
  }

  /** Every start of a handler that was noted, of runs that were started here. */
  starts(): Start[] {
    const { planet, ground } = this;
    return planet.names.flatMap((region) => startsOf(region, planet.at(region).attempts(), ground.load.acknowledged));
  }

  /** What ran in that region until now will never end. */
  stopped(region: string, at: number): void {
    const { stoppedAt } = this.ground;
    stoppedAt.set(region, [...(stoppedAt.get(region) ?? []), at]);
  }

  acknowledged(runs: readonly AcknowledgedRun[]): void {
    this.ground.acknowledged.push(...runs);
  }

  async end(): Promise<Verdict> {
    const { planet } = this;
    planet.passages.heal();
    await planet.linked();
    this.stopping = true;
    await this.submitting;
    await ended(planet, tenants, LIMIT_MS);
    await waitFor(() => this.isSettled(), { until: 'all is settled', timeoutMs: LIMIT_MS, everyMs: 1_000 }).catch(() => undefined); // the laws say what is not
    return this.judge();
  }

  private async judge(): Promise<Verdict> {
    const { planet, ground } = this;
    const copies = await Promise.all(planet.names.map((name) => copyOf(name, planet.at(name).db)));
    const notes = planet.names.map((region) => ({
      region,
      notes: planet.at(region).attempts(),
      killedAt: ground.stoppedAt.get(region) ?? [],
    }));
    const acknowledged = this.allAcknowledged();
    const outputs = new Map(copies[0]!.runs.map(({ runId, output }) => [runId, output]));
    const wrong = acknowledged.filter(
      (run) => outputs.has(run.runId) && run.workflow !== WITNESS && !isDeepStrictEqual(outputs.get(run.runId), outputOf(run)),
    );
    if (wrong.length > 0)
      this.violated(`${wrong.length} outputs are wrong, as ${wordsOf(outputs.get(wrong[0]!.runId))} of ${wrong[0]!.key}`);
    const history = { acknowledged, notes, copies };
    const breaches = breachesOfRegions(history);
    if (breaches.length > 0) {
      const databases = new Map(planet.names.map((name) => [name, planet.at(name).db]));
      this.violated(`the history is kept in ${await keepHistory(history, databases)}`);
    }
    return this.verdict(breaches);
  }

  private allAcknowledged(): AcknowledgedRun[] {
    const { load, acknowledged } = this.ground;
    return [
      ...load.acknowledged.map((run) => ({ ...run, promised: run.durability === 'quorum' ? ('durable' as const) : ('local' as const) })),
      ...acknowledged,
    ];
  }

  private async isSettled(): Promise<boolean> {
    const copies = await Promise.all(this.planet.names.map((name) => copyOf(name, this.planet.at(name).db)));
    const history = { acknowledged: [], notes: [], copies };
    return allCopiesAreEqual(history).length + everythingEndsEverywhere(history).length === 0;
  }

  private async keepSubmitting(): Promise<void> {
    while (!this.stopping) {
      await this.ground.load.submit(BATCH, { workMs: WORK_MS, ...this.input });
      await pause(BETWEEN_BATCHES_MS);
    }
  }
}
