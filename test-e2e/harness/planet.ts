// Several regions of real processes on one machine: each has its own PostgreSQL and services, and reaches the others through Passages. They are told of each
// other by REGIONS and nothing else; the mesh, its links and leases they make themselves.
//
// Small: three regions fit two cores and 4 GB. Passwords are for nobody else: every server listens on 127.0.0.1, and is thrown away.
import { ensureRegionPeer, ensureReplication, ensureTransactionTimeout } from '@singularity-workflow/core';
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from './moment.js';
import { Passages } from './passages.js';
import { Region, type RegionOptions } from './region.js';
import { homesIn, isLinked } from './survey.js';

type Env = Readonly<Record<string, string>>;

/** REGION_LEASE_MS and more as in production: what is measured is what a user has. */
export const LEASE_MS = 5_000;
const PASSWORD = 'a-password-for-one-machine';
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
const SERVICES: Env = { DATABASE_POOL_SIZE: '8', LEASE_TTL_MS: String(LEASE_MS), REGION_LEASE_MS: String(LEASE_MS) };

export interface PlanetOptions {
  /** For every region, over the defaults. */
  readonly region?: RegionOptions;
  /** More for the services of all regions. */
  readonly env?: Env;
}

export class Planet {
  private readonly down = new Set<string>();

  private constructor(
    private readonly regions: ReadonlyMap<string, Region>,
    readonly passages: Passages,
  ) {}

  /** All regions at once; ready when all services are. Links and leases come a little later: see `linked`. */
  static async start(names: readonly string[], { region = {}, env = {} }: PlanetOptions = {}): Promise<Planet> {
    const map = new Introduction(names);
    const started = await Promise.allSettled(
      names.map(async (name) => {
        const prepare = async (adminUrl: string): Promise<Env> => ({ ...SERVICES, ...env, ...(await map.introduce(name, adminUrl)) });
        const options = { record: false, ...region, server: { ...SERVER, ...region.server }, prepare };
        return [
          name,
          await Region.start(options).catch((error: unknown) => {
            map.giveUp(error);
            throw error;
          }),
        ] as const;
      }),
    );
    const regions = new Map(started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed === undefined) return new Planet(regions, await map.passages);
    await Promise.all([...regions.values()].map((one) => one.close()));
    await map.passages.then((passages) => passages.close()).catch(() => undefined);
    throw failed.reason;
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

/** Tells the regions of each other, once all servers are there. */
class Introduction {
  private readonly servers = new Map<string, URL>();
  readonly passages: Promise<Passages>;
  private open: (passages: Promise<Passages>) => void;
  /** Whoever waits for the others hears why one of them did not come. */
  giveUp: (error: unknown) => void;

  constructor(private readonly names: readonly string[]) {
    this.passages = new Promise((resolve, reject) => {
      this.open = resolve;
      this.giveUp = reject;
    });
    this.passages.catch(() => undefined);
  }

  /** Gives the database what a mesh needs, and answers what its services are told. */
  async introduce(name: string, adminUrl: string): Promise<Env> {
    await ensureReplication({ adminUrl, password: PASSWORD });
    await ensureRegionPeer({ adminUrl, password: PASSWORD });
    await ensureTransactionTimeout({ adminUrl, leaseMs: LEASE_MS });
    this.servers.set(name, new URL(adminUrl));
    if (this.servers.size === this.names.length) {
      const ports = this.names.map((one) => [one, Number(this.servers.get(one)!.port)] as const);
      this.open(Passages.open(new Map(ports)));
    }
    const passages = await this.passages;
    const regions = this.names.map((id) => {
      const port = id === name ? null : passages.portOf(name, id);
      return { id, database: this.addressOf(id, 'region_peer', port), replication: this.addressOf(id, 'region_replicator', port) };
    });
    return { REGION: name, REGIONS: JSON.stringify(regions) };
  }

  private addressOf(name: string, login: string, port: number | null): string {
    const url = new URL(this.servers.get(name)!);
    url.username = login;
    url.password = PASSWORD;
    if (port !== null) url.port = String(port);
    return url.href;
  }
}
