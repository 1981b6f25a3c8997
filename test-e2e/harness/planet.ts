// Several regions of real processes on one machine: each has its own PostgreSQL and services, and reaches the others through Passages. They are told of each
// other by REGIONS and nothing else; the mesh, its links and leases they make themselves.
//
// Small: three regions fit two cores and 4 GB. Passwords are for nobody else: every server listens on 127.0.0.1, and is thrown away.
import { waitFor } from '@singularity-workflow/testkit';
import { Introduction, LEASE_MS } from './introduction.js';
import { moment } from './moment.js';
import type { Passages } from './passages.js';
import { Region, type RegionOptions } from './region.js';
import { homesIn, isLinked } from './survey.js';

type Env = Readonly<Record<string, string>>;

const LINKED_LIMIT_MS = 120_000;

/** What a region of a small mesh needs, in little memory. */
const SERVER: NonNullable<RegionOptions['server']> = {
  shared_buffers: '32MB',
  max_connections: 100,
  max_wal_size: '512MB',
  max_wal_senders: 16,
  max_replication_slots: 20,
  max_active_replication_origins: 20,
  max_worker_processes: 24,
  max_logical_replication_workers: 16,
  max_sync_workers_per_subscription: 2,
  max_slot_wal_keep_size: '10GB',
  wal_writer_delay: '10ms',
  wal_sender_timeout: '10s',
  wal_receiver_timeout: '10s',
};

/** Services of a small region need few connections. */
const SERVICES: Env = { DATABASE_POOL_SIZE: '8', REGION_LEASE_MS: String(LEASE_MS) };

export interface PlanetOptions {
  /** For every region, over the defaults. */
  readonly region?: RegionOptions;
  /** More for the services of all regions. */
  readonly env?: Env;
  /** Routers know each other: any of them takes the work of any tenant. Default false: a router serves the tenants that are at home in its region. */
  readonly routers?: boolean;
}

export class Planet {
  private readonly down = new Set<string>();

  private constructor(
    private readonly regions: Map<string, Region>,
    readonly passages: Passages,
    private readonly map: Introduction,
    private readonly options: PlanetOptions,
  ) {}

  /** All regions at once; ready when all services are. Links and leases come a little later: see `linked`. */
  static async start(names: readonly string[], options: PlanetOptions = {}): Promise<Planet> {
    const map = new Introduction(names);
    const started = await Promise.allSettled(
      names.map(async (name) => {
        const region = await startRegion(name, map, options).catch((error: unknown) => {
          map.giveUp(error);
          throw error;
        });
        return [name, region] as const;
      }),
    );
    const regions = new Map(started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed === undefined) return new Planet(regions, await map.passages, map, options);
    await Promise.all([...regions.values()].map((one) => one.close()));
    await map.passages.then((passages) => passages.close()).catch(() => undefined);
    throw failed.reason;
  }

  /**
   * One more region, with ways to all others, which are told of it as an operator would: their monitors and routers start anew with longer REGIONS, and one of
   * them is asked to add it. Ready when its services are; it copies, becomes full and takes its share by itself.
   */
  async add(name: string): Promise<void> {
    const others = this.up;
    this.map.expect(name);
    this.regions.set(name, await startRegion(name, this.map, this.options));
    for (const other of others) await this.at(other).tell(await this.map.envOf(other));
    await this.at(others[0]!).db.sql('select workflow.request_region_command($1)', [{ command: 'add', arguments: { region: name } }]);
  }

  /** Any router takes the work of any tenant. */
  get takesAnywhere(): boolean {
    return this.options.routers ?? false;
  }

  get names(): readonly string[] {
    return [...this.regions.keys()];
  }

  /** Names of those that were not killed. */
  get up(): readonly string[] {
    return this.names.filter((name) => !this.down.has(name));
  }

  at(name: string): Region {
    const region = this.regions.get(name);
    if (region === undefined) throw new Error(`there is no region ${name}`);
    return region;
  }

  isUp(name: string): boolean {
    return !this.down.has(name);
  }

  /** kill -9 of a whole region. Answers when (see moment.ts). */
  async kill(name: string): Promise<number> {
    const at = moment();
    this.down.add(name);
    await this.at(name).kill();
    return at;
  }

  async bringBack(name: string): Promise<void> {
    await this.at(name).comeBack();
    this.down.delete(name);
  }

  /** Where these tenants are at home, as the region knows that knows the last decision: one that was cut off may not have heard of it. */
  async homesOf(tenants: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const answers = await Promise.all(this.up.map((name) => homesIn(this.at(name).db, tenants)));
    return answers.reduce((last, answer) => (answer.epoch > last.epoch ? answer : last)).homes;
  }

  /** Until all that are up have their leases and whole links among each other. */
  async linked(): Promise<void> {
    const all = async (): Promise<boolean> =>
      (await Promise.all(this.up.map((name) => isLinked(this.at(name).db, this.up)))).every((one) => one);
    await waitFor(all, { until: 'every region has its lease, and whole links with the others', timeoutMs: LINKED_LIMIT_MS, everyMs: 200 });
  }

  /** What the services of all regions complained of lately. */
  complaints(): string[] {
    return this.names.flatMap((name) =>
      this.at(name)
        .complaints()
        .map((line) => `${name} ${line}`),
    );
  }

  /** Ends everything, by force. */
  async close(): Promise<void> {
    await Promise.all([...this.regions.values()].map((region) => region.close()));
    await this.passages.close();
  }
}

async function startRegion(name: string, map: Introduction, { region = {}, env = {}, routers = false }: PlanetOptions): Promise<Region> {
  const routerEnv = routers ? await map.routerOf(name) : {};
  const prepare = async (adminUrl: string): Promise<Env> => ({ ...SERVICES, ...env, ...(await map.introduce(name, adminUrl)) });
  return Region.start({ record: false, routerEnv, ...region, server: { ...SERVER, ...region.server }, prepare });
}

/** A test's body: `story` on a planet of regions with these names, whose ways are open and links whole; it is ended afterwards. */
export function onPlanet(names: readonly string[], options: PlanetOptions, story: (planet: Planet) => Promise<void>): () => Promise<void> {
  return async () => {
    const planet = await Planet.start(names, options);
    try {
      await planet.linked();
      await story(planet);
    } catch (error) {
      if (error instanceof Error) error.message += `\n\nservices:\n${planet.complaints().join('\n')}`;
      throw error;
    } finally {
      await planet.close();
    }
  };
}
