// The decision plane under a scheduler: the real monitors over real databases, but every call of theirs waits until the scheduler lets it through, time is
// virtual, and the scheduler loses requests and answers, cuts links, pauses regions and restarts monitors. One seed, one story.
//
// Limit: it schedules whole calls; two transactions inside one server are what the SQL tests race.
import type { TestMesh } from '@singularity-workflow/testkit';
import { silentLogger } from '../../src/domain/index.js';
import { type RegionDuties, regionDuties } from '../../src/regions/index.js';
import { DecisionStore } from '../../src/store/index.js';
import { GatedDatabase, GatedPeers, quiet, randomOf, stateOf, unavailable, WRITES } from './gates.js';

export interface SimulationOptions {
  readonly seed: number;
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly marginMs: number;
  /** How much faster or slower a clock may run, of 1. */
  readonly drift: number;
}

interface Waiting {
  readonly from: string;
  readonly to: string;
  readonly fn: string;
  readonly era: number;
  readonly run: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Site {
  readonly region: string;
  readonly databases: readonly GatedDatabase[];
  readonly own: GatedDatabase;
  readonly stores: ReadonlyMap<string, DecisionStore>;
  /** Of its database's clock, and of its monitor's. */
  readonly speeds: readonly [number, number];
  monotonicMs: number;
  era: number;
  duties: RegionDuties;
  busy: [boolean, boolean];
  nextMs: [number, number];
  paused: boolean;
}

export interface Violation {
  readonly law: string;
  readonly facts: unknown;
  readonly trace: readonly string[];
}

export class Simulation {
  private readonly random: () => number;
  private readonly sites: Site[] = [];
  private readonly waiting: Waiting[] = [];
  private readonly cuts = new Set<string>();
  readonly trace: string[] = [];
  timeMs = 0;
  private violation: Violation | null = null;

  constructor(
    private readonly mesh: TestMesh,
    private readonly options: SimulationOptions,
  ) {
    this.random = randomOf(options.seed);
  }

  /** Runs `actions` of chaos, heals everything, and goes on until all is well. The first broken law, or null. */
  async run(actions: number): Promise<Violation | null> {
    await this.setUp();
    try {
      for (let done = 0; done < actions && this.violation === null; done += 1) await this.act();
      await this.settle(actions * 10);
      return this.violation;
    } finally {
      for (const call of this.waiting.splice(0)) call.reject(unavailable('the rest'));
      await quiet();
      for (const { databases } of this.sites) await Promise.all(databases.map((database) => database.close()));
    }
  }

  private async setUp(): Promise<void> {
    for (const { region, db } of this.mesh.regions) {
      await db.clock.freeze();
      const databases: GatedDatabase[] = [];
      const made = (to: string, url: string): GatedDatabase => {
        const site = (): Site => this.sites.find((one) => one.region === region)!;
        const database = new GatedDatabase(url, (fn, run) => this.hold({ from: region, to, fn, era: site().era, run }));
        databases.push(database);
        return database;
      };
      const own = made(region, db.url('workflow_monitor'));
      const stores = new Map(
        this.mesh.regions.map((other) => [
          other.region,
          new DecisionStore(other.region === region ? own : made(other.region, other.db.url('region_peer'))),
        ]),
      );
      const speed = (): number => 1 + (this.random() * 2 - 1) * this.options.drift;
      const site: Site = {
        region, databases, own, stores, speeds: [speed(), speed()], monotonicMs: 0, era: 0, duties: undefined as never,
        busy: [false, false], nextMs: [0, 0], paused: false,
      }; // prettier-ignore
      this.sites.push(site);
      this.begin(site);
    }
  }

  /** A new monitor: it remembers nothing. What its forerunner was about to call is never called, or was lost on the way. */
  private begin(site: Site): void {
    const { heartbeatMs, leaseMs, marginMs } = this.options;
    site.era += 1;
    site.busy = [false, false];
    const regions = this.mesh.regions.map(({ region, zone }) => ({ id: region, zone, database: '' }));
    site.duties = regionDuties({
      database: site.own,
      region: site.region,
      regions,
      heartbeatMs: 1_000_000, // only how long it waits for stragglers, which here the scheduler decides
      leaseMs,
      marginMs,
      turnMs: 2 * heartbeatMs,
      retireAfterMs: 3_600_000,
      drainMs: 100,
      failbackAfterMs: null,
      rebalances: false,
      logger: silentLogger,
      peers: new GatedPeers(site.stores, { region: site.region, regions }),
      now: () => site.monotonicMs,
    });
  }

  private hold(call: Omit<Waiting, 'resolve' | 'reject'>): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.push({ ...call, resolve, reject }));
  }

  private async act(): Promise<void> {
    this.startTicks();
    await quiet();
    const roll = this.random();
    if (roll < 0.012) this.cutOrHeal();
    else if (roll < 0.018) this.pauseOrResume();
    else if (roll < 0.022) this.restart();
    else if (roll < 0.1 || !(await this.letOneThrough())) await this.advance(5 + this.random() * this.options.heartbeatMs);
  }

  private startTicks(): void {
    for (const site of this.sites) {
      site.duties.duties.forEach((_, index) => {
        if (site.busy[index] || site.paused || site.monotonicMs < site.nextMs[index]!) return;
        site.busy[index] = true;
        void this.tickOf(site, index);
      });
    }
  }

  private async tickOf(site: Site, index: number): Promise<void> {
    const { era } = site;
    try {
      await site.duties.duties[index]!.tick(this.mesh.at(site.region).token, new AbortController().signal);
    } catch {
      // As in a loop: what failed is looked at again by the next tick.
    }
    if (site.era !== era) return;
    site.busy[index] = false;
    site.nextMs[index] = site.monotonicMs + this.options.heartbeatMs;
  }

  private async letOneThrough(): Promise<boolean> {
    const ready = this.waiting.filter(({ from, era }) => {
      const site = this.siteOf(from);
      return !site.paused && site.era === era;
    });
    if (ready.length === 0) return false;
    const call = ready[Math.floor(this.random() * ready.length)]!;
    this.waiting.splice(this.waiting.indexOf(call), 1);
    const name = `${call.from}>${call.to} ${call.fn}`;
    const isLost = this.cuts.has(`${call.from}>${call.to}`);
    if (isLost && this.random() < 0.7) {
      this.trace.push(`${name}: lost`);
      call.reject(unavailable(name));
    } else {
      await this.carryOut(call, name, isLost);
    }
    return true;
  }

  private async carryOut(call: Waiting, name: string, answerIsLost: boolean): Promise<void> {
    try {
      const answer = await call.run();
      if (WRITES.has(call.fn)) this.trace.push(`${name}: ${JSON.stringify(answer).slice(0, 300)}${answerIsLost ? ' (answer lost)' : ''}`);
      if (answerIsLost) call.reject(unavailable(`the answer of ${name}`));
      else call.resolve(answer);
    } catch (error) {
      this.trace.push(`${name}: ${(error as Error).message}`);
      call.reject(error as Error);
    }
    await quiet();
    if (call.fn === 'settle_lease' || call.fn === 'learn_topology') await this.checkExecutors();
  }

  private async advance(ms: number): Promise<void> {
    this.timeMs += ms;
    this.trace.push(`${Math.round(ms)} ms pass`);
    for (const site of this.sites) {
      site.monotonicMs += ms * site.speeds[1];
      await this.mesh.at(site.region).db.clock.advance(ms * site.speeds[0]);
    }
  }

  private cutOrHeal(): void {
    if (this.cuts.size > 0 && this.random() < 0.5) {
      this.cuts.clear();
      this.trace.push('all links heal');
      return;
    }
    const names = this.sites.map(({ region }) => region);
    const one = names[Math.floor(this.random() * names.length)]!;
    const others = this.random() < 0.7 ? names.filter((name) => name !== one) : [names[Math.floor(this.random() * names.length)]!];
    const both = this.random() < 0.6;
    for (const other of others) {
      if (other === one) continue;
      this.cuts.add(`${one}>${other}`);
      if (both) this.cuts.add(`${other}>${one}`);
      this.trace.push(`cut: ${one}>${other}${both ? ' and back' : ''}`);
    }
  }

  private pauseOrResume(): void {
    const site = this.sites[Math.floor(this.random() * this.sites.length)]!;
    site.paused = !site.paused;
    this.trace.push(`${site.region} ${site.paused ? 'is paused' : 'goes on'}`);
  }

  private restart(): void {
    const site = this.sites[Math.floor(this.random() * this.sites.length)]!;
    this.trace.push(`the monitor of ${site.region} starts anew`);
    this.begin(site);
  }

  /** No two regions may execute a group at the same moment (I1). */
  private async checkExecutors(): Promise<void> {
    const executing = await Promise.all(
      this.mesh.regions.map(async ({ region, db }) => {
        const [row] = await db.sql<{ groups: string[] }>(
          `select coalesce((select array_agg(p.placement_group) from workflow.placement p
                             where p.member_id = workflow.own_member() and workflow.lease_left_ms() is not null), '{}') as groups`,
        );
        return { region, groups: row!.groups };
      }),
    );
    const seen = new Map<string, string>();
    for (const { region, groups } of executing) {
      for (const group of groups) {
        const other = seen.get(group);
        if (other !== undefined) this.broken('I1: no two regions execute a group at the same moment', { group, regions: [other, region] });
        seen.set(group, region);
      }
    }
  }

  /** When everything is healed, everybody gets a lease and the log stands still, the same everywhere (I3, I6). */
  private async settle(actionsMax: number): Promise<void> {
    this.cuts.clear();
    for (const site of this.sites) site.paused = false;
    this.trace.push('everything is healed for good');
    const calmSinceMs = { at: this.timeMs, epochs: '' };
    for (let done = 0; done < actionsMax && this.violation === null; done += 1) {
      this.startTicks();
      await quiet();
      if (!(await this.letOneThrough())) await this.advance(this.options.heartbeatMs / 2);
      if (done % 50 !== 0) continue;
      const state = await stateOf(this.mesh);
      const epochs = JSON.stringify(state.logs);
      if (epochs !== calmSinceMs.epochs) Object.assign(calmSinceMs, { at: this.timeMs, epochs });
      const calmMs = this.timeMs - calmSinceMs.at;
      if (state.live === this.sites.length && state.seals === 0 && calmMs > 3 * this.options.leaseMs) {
        if (new Set(state.logs).size > 1) this.broken('I3: one decision per epoch, the same at all', state.logs);
        return;
      }
    }
    if (this.violation === null) this.broken('I6: when all are up and connected, all execute and epochs stop', await stateOf(this.mesh));
  }

  /** What happened, for the reader of a test's output: a story without a takeover shows little. */
  async summary(): Promise<string> {
    const kinds = await this.mesh.regions[0]!.db.sql<{ kind: string; count: number }>(
      `select value ->> 'kind' as kind, count(*)::int from workflow.topology group by 1 order by 1`,
    );
    const seals = this.trace.filter((line) => line.includes(' begin_seal: [')).length;
    return `${kinds.map(({ kind, count }) => `${count} ${kind}`).join(', ')}; ${seals} seals, ${Math.round(this.timeMs / 1_000)} s`;
  }

  private broken(law: string, facts: unknown): void {
    this.violation ??= { law, facts, trace: [...this.trace] };
  }

  private siteOf(region: string): Site {
    return this.sites.find((site) => site.region === region)!;
  }
}
