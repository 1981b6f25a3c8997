// The planet under somebody's hands: carries out commands, and says what came of them, with times.
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../harness/moment.js';
import type { Planet } from '../harness/planet.js';
import { PlanetLoad, tenants } from '../harness/planet-load.js';
import { carriedOut } from '../harness/region-command.js';
import { compare, isEqual, survey, type TableCompared } from '../harness/survey.js';
import { decided, ended, kill, type Lost, taskStarted } from '../harness/takeover.js';
import type { PlanetActions } from './commands.js';
import { comparison, mapOf, type RegionOnMap } from './map.js';

const EQUAL_LIMIT_MS = 60_000;
const JOIN_LIMIT_MS = 240_000;
/** In a mesh without zones. */
const GROUPS = 256;
const HELD = `select count(*)::int as groups from workflow.placement where region = $1`;
const PLACED = `select count(*)::int as groups from workflow.placement`;
const STATE = `select state from workflow.region_members where region = $1 and state <> 'gone'`;
/** Of one step of a run, so that there is something to be killed. */
const WORK_MS = 20;

export class PlanetSession implements PlanetActions {
  readonly load: PlanetLoad;

  constructor(
    private readonly planet: Planet,
    private readonly say: (text: string) => void,
  ) {
    this.load = new PlanetLoad(planet);
  }

  async status(): Promise<void> {
    const regions = await Promise.all(
      this.planet.names.map(async (name): Promise<RegionOnMap> => {
        const seen = this.planet.isUp(name) ? await survey(this.planet.at(name).db).catch(() => null) : null;
        return { name, seen };
      }),
    );
    this.say(mapOf({ regions, passage: (from, to) => this.planet.passages.stateOf(from, to) }));
  }

  /** Returns when all are acknowledged; they go on by themselves. */
  async submit(runs: number, workMs = WORK_MS): Promise<void> {
    const began = moment();
    const placed = await this.load.submit(runs, { workMs });
    const counts = this.planet.names.map((name) => [name, placed.filter(({ region }) => region === name).length] as const);
    const routers = counts.flatMap(([name, count]) => (count === 0 ? [] : [`${name} (${count})`])).join(', ');
    this.say(
      `${runs} runs of 3 steps acknowledged in ${seconds(moment() - began)}, by the routers of ${routers}; each is executed at the home of its tenant`,
    );
  }

  /** Until everything that was acknowledged has ended. */
  async finish(): Promise<void> {
    const began = moment();
    await ended(this.planet, tenants);
    this.say(`all runs have ended, ${seconds(moment() - began)} later`);
  }

  async kill(region: string): Promise<void> {
    if (!this.planet.isUp(region)) return this.say(`${region} is down already`);
    if (this.planet.up.length === 1) return this.say(`${region} is the last one that is up`);
    const lost = await kill(this.planet, region, tenants);
    this.say(
      `${region} is gone: its database and its services, kill -9. ${lost.tenants.length} of ${tenants.length} tenants were at home there.`,
    );
    if (this.planet.up.length * 2 <= this.planet.names.length)
      return this.say('No majority is left: nobody takes over, and nobody executes, until one is back.');
    await this.tellTakeover(lost);
  }

  async bringBack(region: string): Promise<void> {
    if (this.planet.isUp(region)) return this.say(`${region} is up`);
    const began = moment();
    this.say(`${region} is started with the data that it had`);
    await this.planet.bringBack(region);
    this.say(`${region} is up again after ${seconds(moment() - began)}: it learns what was decided without it, and catches up`);
    await this.planet.linked();
    this.say(`${region} has its lease, and every link is whole, after ${seconds(moment() - began)}`);
    if ((await this.held(region)) === 0)
      this.say(`Nothing is at home there: its homes stay with the others. They give them back with: restore ${region}`);
  }

  /** By planned moves, as an operator would have it; while they go on, submissions to them become requests. */
  async evacuate(region: string): Promise<void> {
    if (!this.planet.isUp(region)) return this.say(`${region} is down`);
    const began = moment();
    this.say(`${await this.held(region)} groups are to go from ${region} to the others, 16 at a time`);
    const { state, outcome } = await carriedOut(this.planet.at(region), 'evacuate', { region });
    this.say(`${state} after ${seconds(moment() - began)}: ${outcome}`);
  }

  /** Each of the others is asked for what it has of the region's. */
  async restore(region: string): Promise<void> {
    if (!this.planet.isUp(region)) return this.say(`${region} is down: start ${region}`);
    const began = moment();
    const before = await this.held(region);
    const others = this.planet.up.filter((name) => name !== region);
    const ends = await Promise.all(others.map((name) => carriedOut(this.planet.at(name), 'restore', { region })));
    for (const [at, { state, outcome }] of ends.entries()) if (state === 'failed') this.say(`${others[at]} refuses: ${outcome}`);
    const after = await this.held(region);
    this.say(
      `${after - before} groups have come back after ${seconds(moment() - began)}: ${after} of ${await this.placed()} are at home in ${region}`,
    );
  }

  async add(region: string): Promise<void> {
    if (this.planet.up.length < this.planet.names.length) return this.say('a region is added when all others are up');
    const began = moment();
    const since = (): string => seconds(moment() - began);
    this.say(`${region} gets a PostgreSQL and its services; then the others are told of it, one after the other`);
    await this.planet.add(region);
    this.say(`it is there, and known to the others, after ${since()}; it copies what they have`);
    const first = this.planet.at(this.planet.names[0]!).db;
    const share = Math.floor(GROUPS / this.planet.names.length);
    await waitFor(async () => (await first.sql<{ state: string }>(STATE, [region]))[0]?.state === 'full', {
      until: `${region} is full`,
      timeoutMs: JOIN_LIMIT_MS,
      everyMs: 100,
    });
    this.say(`${region} has copied everything, and votes, after ${since()}`);
    await waitFor(async () => (await this.held(region)) >= share, {
      until: `${region} has its share`,
      timeoutMs: JOIN_LIMIT_MS,
      everyMs: 100,
    });
    this.say(`${await this.held(region)} of ${GROUPS} placement groups have moved to ${region} after ${since()}; none between the others`);
  }

  async cut(from: string, to: string, oneWay: boolean): Promise<void> {
    if (oneWay) this.planet.passages.swallow(from, to);
    else this.planet.passages.cut(from, to);
    this.say(oneWay ? `what ${from} sends to ${to} is lost` : `the links of ${from} and ${to} are cut`);
  }

  async delay(a: string, b: string, ms: number): Promise<void> {
    this.planet.passages.delay(a, b, ms);
    this.say(`between ${a} and ${b} everything arrives ${ms} ms later`);
  }

  async heal(): Promise<void> {
    this.planet.passages.heal();
    this.say('every way is open');
  }

  async compare(): Promise<void> {
    await this.isEqual();
  }

  /** Waits a while until all regions that are up are equal; says whether they are. */
  async isEqual(): Promise<boolean> {
    const databases = this.planet.up.map((name) => this.planet.at(name).db);
    let last: TableCompared[] = [];
    const look = async (): Promise<boolean> => isEqual((last = await compare(databases)));
    const began = moment();
    const equal = await waitFor(look, { until: 'all are equal', timeoutMs: EQUAL_LIMIT_MS, everyMs: 500 }).catch(() => false);
    this.say(comparison(this.planet.up, last));
    this.say(equal ? `all replicated tables are equal (${seconds(moment() - began)})` : `NOT EQUAL after ${seconds(moment() - began)}`);
    return equal;
  }

  /** As a region knows that is up. */
  private async held(region: string): Promise<number> {
    return (await this.planet.at(this.planet.up[0]!).db.sql<{ groups: number }>(HELD, [region]))[0]!.groups;
  }

  private async placed(): Promise<number> {
    return (await this.planet.at(this.planet.up[0]!).db.sql<{ groups: number }>(PLACED))[0]!.groups;
  }

  private async tellTakeover(lost: Lost): Promise<void> {
    const since = (at: Date): string => seconds(at.getTime() - lost.lostAt.getTime());
    this.say(`  ${since(await decided(this.planet, lost))}  its homes are given to the others, by a majority that has sealed its links`);
    const open = await this.openRuns(lost);
    if (open === 0) return this.say('  no run of its tenants was open');
    this.say(`  ${since(await taskStarted(this.planet, lost))}  the first task of its tenants is started elsewhere`);
  }

  private async openRuns({ tenants: own }: Lost): Promise<number> {
    const counts = await Promise.all(
      this.planet.up.map((name) =>
        this.planet
          .at(name)
          .db.sql<{ open: number }>(
            'select count(*)::int as open from workflow.workflow_runs where tenant_id = any ($1) and finished_at is null',
            [own],
          ),
      ),
    );
    return Math.max(...counts.map(([row]) => row!.open));
  }
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
