// What several regions cost: the 3-step chains by one region alone; by one of three that are linked, whose peers take its rows; and by all three, each with
// an executor of its own and a third of the runs. All of it shares one machine: the peers' work is in the numbers. The clock is that of the other chains
// (throughput.ts); what comes after it, until every peer has all, is told besides.
//
// `regionLink`: one of the three works while its link to one peer is cut; then it is healed, and nothing else goes on: what one link applies.
import type { Contestant } from '../contest.js';
import { Sql } from '../database.js';
import { msBetween, nowNs, until } from '../measure/clock.js';
import type { Round } from '../measure/statistics.js';
import { type Range, setting, type Settings } from '../peers/peer.js';
import { costOf, readInstants, type ServerSeen, spent } from '../regions/accounts.js';
import { Home } from '../regions/home.js';
import { caughtUp, cut, heal, watchSent } from '../regions/links.js';
import { TENANTS } from '../regions/mesh.js';
import { Planet } from '../regions/planet.js';
import { Shared } from '../regions/shared.js';
import { chain, stepsOf } from '../shape.js';
import type { RoundReport, Stand, Trial, Workload } from './workload.js';

const SHAPE = chain(3);
const LOOK_EVERY_MS = 3;
const FINISH_LIMIT_MS = 120_000;
const WARM_ROUNDS = 2;
/** Of the time of a round: peers need some more of it for what arrives. */
const SHARE = 0.5;
/** What is counted and not timed. */
const SENT_RUNS_MAX = 500;

const ENTRANTS: readonly { readonly key: string; readonly label: string; readonly settings: Settings }[] = [
  { key: 'regionAlone', label: '1 region alone', settings: { regions: 1, homes: 1, cut: 0 } },
  { key: 'regionOfThree', label: '1 of 3 regions at work', settings: { regions: 3, homes: 1, cut: 0 } },
  { key: 'regionsThree', label: '3 of 3 regions at work', settings: { regions: 3, homes: 3, cut: 0 } },
  { key: 'regionLink', label: 'one link by itself', settings: { regions: 3, homes: 1, cut: 1 } },
];

export const regionsThroughput: Workload = {
  name: 'regionsThroughput',
  title: '3-step chains by a region alone, by one of three and by three',
  shape: SHAPE,
  entrants: async (contestants) => contestants.filter(({ key, peer }) => key === 'ours' && peer.name === 'ours').flatMap(entrantsOf),
  open: (stand) => RegionsTrial.open(stand),
};

const entrantsOf = ({ peer, settings }: Contestant): Contestant[] =>
  ENTRANTS.map(({ key, label, settings: own }) => ({ key, label, peer, settings: { ...settings, ...own, workers: 1 } }));

const planets = new Shared<Planet>((planet) => planet.close());

class RegionsTrial implements Trial {
  private nextRun = 0;
  private stepsPerSecond = 0;
  private sent: Round = {};
  private readonly mistakes: string[] = [];

  private constructor(
    private readonly stand: Stand,
    private readonly planet: Planet | null,
    private readonly homes: readonly Home[],
    private readonly servers: readonly ServerSeen[],
  ) {}

  static async open(stand: Stand): Promise<Trial> {
    if (setting(stand.settings, 'regions') === 1) {
      const tenants = Array.from({ length: TENANTS }, (_, at) => `bench-${at}`);
      const home = await Home.open({ stand: { ...stand, tenants }, shape: SHAPE, others: [] });
      return new RegionsTrial(stand, null, [home], [{ sql: new Sql(stand.url), postmasterPid: stand.postmasterPid }]);
    }
    const planet = await planets.take(() => Planet.start(stand.peer));
    const { mesh } = planet;
    const homes: Home[] = [];
    for (const region of mesh.regions.slice(0, setting(stand.settings, 'homes'))) {
      const others = mesh.regions.filter((other) => other !== region).map(({ sql }) => sql);
      const own = { ...stand, url: region.place.url, tenants: await mesh.tenantsOf(region) };
      homes.push(await Home.open({ stand: own, shape: SHAPE, others }));
    }
    const servers = mesh.regions.map(({ sql, place }) => ({ sql, postmasterPid: place.postmasterPid }));
    return new RegionsTrial(stand, planet, homes, servers);
  }

  async warmUp(): Promise<void> {
    const { sizes } = this.stand;
    await this.whileLive(async () => {
      if (this.planet !== null && this.homes.length === 1) this.sent = await this.countSent();
      for (let rounds = 0; rounds < WARM_ROUNDS && sizes.seconds > 0; rounds += 1) await this.measure();
    });
  }

  async round(): Promise<RoundReport> {
    let metrics: Round = {};
    await this.whileLive(async () => {
      metrics = await this.measure();
    });
    return { metrics: { ...metrics, ...this.sent }, mistakes: this.mistakes.splice(0) };
  }

  async close(): Promise<void> {
    await Promise.all(this.homes.map((home) => home.close()));
    if (this.planet !== null) await planets.leave();
    else await Promise.all(this.servers.map(({ sql }) => sql.close()));
  }

  private async whileLive(work: () => Promise<void>): Promise<void> {
    await this.planet?.mesh.live();
    try {
      await work();
    } finally {
      await this.planet?.mesh.rest();
    }
  }

  private async measure(): Promise<Round> {
    const { homes, servers } = this;
    const ranges = this.nextRanges();
    const isCut = setting(this.stand.settings, 'cut') === 1;
    await Promise.all(homes.map((home, at) => home.submit(ranges[at]!)));
    await this.caughtUp();
    if (isCut) await cut(this.peer, this.first);
    const from = await readInstants(servers);
    const endNs = await this.work(ranges);
    const finished = await readInstants(servers);
    const caughtUpNs = await this.caughtUp(isCut ? 1 : 0);
    const after = await readInstants(servers);
    const steps = ranges.reduce((sum, { count }) => sum + count, 0) * stepsOf(SHAPE);
    const applied = isCut ? await this.applyBacklog(steps) : null;
    const nodeCpuMs = await this.end();
    const ms = msBetween(this.firstCallNs, endNs);
    this.stepsPerSecond = (steps / ms) * 1_000;
    if (applied !== null) return applied;
    return {
      stepsPerSecond: this.stepsPerSecond,
      runsPerSecond: this.stepsPerSecond / stepsOf(SHAPE),
      runs: steps / stepsOf(SHAPE),
      ...costOf({ from, finished, caughtUp: after, homes: homes.length, steps, nodeCpuMs }),
      ...(this.planet !== null && {
        caughtUpMs: msBetween(endNs, caughtUpNs),
        everywherePerSecond: (steps / msBetween(this.firstCallNs, caughtUpNs)) * 1_000,
      }),
    };
  }

  /** All but the last `without` regions have all that the homes have written. */
  private async caughtUp(without = 0): Promise<bigint> {
    let lastNs = nowNs();
    const regions = this.planet?.mesh.regions ?? [];
    const takers = regions.slice(0, regions.length - without);
    for (const home of regions.slice(0, this.homes.length)) {
      const atNs = await caughtUp(
        home,
        takers.filter((taker) => taker !== home),
      );
      if (atNs > lastNs) lastNs = atNs;
    }
    return lastNs;
  }

  /** The moment at which every run is finished at its home. */
  private async work(ranges: readonly Range[]): Promise<bigint> {
    await Promise.all(this.homes.map((home, at) => home.workers.begin(ranges[at]!)));
    let endNs = 0n;
    const isSo = async (): Promise<boolean> => {
      const all = (await Promise.all(this.homes.map((home) => home.isFinished()))).every((one) => one);
      endNs = nowNs();
      return all;
    };
    await until('all runs are finished at their homes', isSo, { everyMs: LOOK_EVERY_MS, limitMs: FINISH_LIMIT_MS });
    return endNs;
  }

  private async end(): Promise<number> {
    const ended = await Promise.all(this.homes.map((home) => home.end()));
    this.mistakes.push(...ended.flatMap(({ mistakes }) => mistakes));
    return ended.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  }

  private async applyBacklog(steps: number): Promise<Round> {
    const { peer, first } = this;
    const at = [this.servers.at(-1)!];
    const [from] = await readInstants(at);
    const fromNs = nowNs();
    await heal(peer, first);
    const toNs = await caughtUp(first, [peer]);
    const [to] = await readInstants(at);
    const perSecond = (steps / msBetween(fromNs, toNs)) * 1_000;
    const { wal, cpu } = spent(from!, to!, steps);
    const rows = this.sent['sentRowsPerStep'] ?? 0;
    return { appliedStepsPerSecond: perSecond, appliedRowsPerSecond: perSecond * rows, peerWalBytesPerStep: wal, peerCpuMsPerStep: cpu };
  }

  /** What each peer is sent for a submission, and for a step. */
  private async countSent(): Promise<Round> {
    const count = Math.min(SENT_RUNS_MAX, this.runsAtLeast);
    const range = { first: this.nextRun, count };
    this.nextRun += count;
    const sent = await watchSent(this.first, this.peer);
    try {
      await this.homes[0]!.submit(range);
      const submitted = await sent.taken();
      await this.work([range]);
      const worked = await sent.taken();
      await this.caughtUp();
      await this.end();
      const steps = count * stepsOf(SHAPE);
      return { sentBytesPerRun: submitted.bytes / count, sentBytesPerStep: worked.bytes / steps, sentRowsPerStep: worked.rows / steps };
    } finally {
      await sent.end();
    }
  }

  /** As many as take a round, dealt out among the homes. */
  private nextRanges(): Range[] {
    const { seconds, stepsMax } = this.stand.sizes;
    const wanted = Math.min(this.stepsPerSecond * seconds * SHARE, stepsMax) / stepsOf(SHAPE);
    const count = Math.round(Math.max(wanted, this.runsAtLeast) / this.homes.length);
    return this.homes.map(() => {
      this.nextRun += count;
      return { first: this.nextRun - count, count };
    });
  }

  private get runsAtLeast(): number {
    return Math.max(this.homes.length, Math.round(this.stand.sizes.warmupSteps / stepsOf(SHAPE)));
  }

  private get firstCallNs(): bigint {
    return this.homes.map(({ workers }) => workers.firstCallNs!).reduce((least, one) => (one < least ? one : least));
  }

  /** The home where only one works. */
  private get first() {
    return this.planet!.mesh.at(0);
  }

  /** One that takes its rows: the last. */
  private get peer() {
    return this.planet!.mesh.regions.at(-1)!;
  }
}
