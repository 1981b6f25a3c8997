// Tells the regions of a planet of each other, once all servers are there: what REGIONS is for each, with the others behind their passages.
import { ensureRegionPeer, ensureReplication, ensureTransactionTimeout } from '@singularity-workflow/core';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Doors, Passages } from './passages.js';

type Env = Readonly<Record<string, string>>;

/** REGION_LEASE_MS and more as in production: what is measured is what a user has. */
export const LEASE_MS = 5_000;
const PASSWORD = 'a-password-for-one-machine';
const SECRET = 'a-secret-that-routers-of-one-planet-share';

export class Introduction {
  private readonly servers = new Map<string, URL>();
  private readonly routers = new Map<string, number>();
  private readonly names: string[];
  private opened = false;
  readonly passages: Promise<Passages>;
  private open: (passages: Promise<Passages>) => void;
  /** Whoever waits for the others hears why one of them did not come. */
  giveUp: (error: unknown) => void;

  constructor(names: readonly string[]) {
    this.names = [...names];
    this.passages = new Promise((resolve, reject) => {
      this.open = resolve;
      this.giveUp = reject;
    });
    this.passages.catch(() => undefined);
  }

  /** Another one will come, to those who are introduced already. */
  expect(name: string): void {
    this.names.push(name);
  }

  /** Its router, whom the others know from now on: answers with what it is started with. */
  async routerOf(name: string): Promise<Env> {
    const port = await freePort();
    this.routers.set(name, port);
    return { PORT: String(port), REGION_SECRET: SECRET };
  }

  /** Gives the database what a mesh needs, and answers what its services are told. */
  async introduce(name: string, adminUrl: string): Promise<Env> {
    await ensureReplication({ adminUrl, password: PASSWORD });
    await ensureRegionPeer({ adminUrl, password: PASSWORD });
    await ensureTransactionTimeout({ adminUrl, leaseMs: LEASE_MS });
    const known = [...this.servers.keys()];
    this.servers.set(name, new URL(adminUrl));
    const all = new Map([...known, name].map((one) => [one, this.doorsOf(one)]));
    if (!this.opened && all.size === this.names.length) {
      this.opened = true;
      this.open(Passages.open(all));
    }
    const passages = await this.passages;
    if (!passages.knows(name)) await passages.add(name, all);
    return this.envOf(name);
  }

  /** REGIONS as this region sees it: the others through their passages. */
  async envOf(name: string): Promise<Env> {
    const passages = await this.passages;
    const regions = [...this.servers.keys()].map((id) => {
      const port = id === name ? null : passages.portOf(name, id);
      const router = this.routers.get(id);
      const routerPort = id === name || router === undefined ? router : passages.portOf(name, id, 'router');
      return {
        id,
        database: this.addressOf(id, 'region_peer', port),
        replication: this.addressOf(id, 'region_replicator', port),
        routers: routerPort === undefined ? [] : [`http://127.0.0.1:${routerPort}`],
      };
    });
    return { REGION: name, REGIONS: JSON.stringify(regions) };
  }

  private doorsOf(name: string): Doors {
    const router = this.routers.get(name);
    return { database: Number(this.servers.get(name)!.port), ...(router === undefined ? {} : { router }) };
  }

  private addressOf(name: string, login: string, port: number | null): string {
    const url = new URL(this.servers.get(name)!);
    url.username = login;
    url.password = PASSWORD;
    if (port !== null) url.port = String(port);
    return url.href;
  }
}

/** That nobody listens at now; a router that is started again gets the same one. */
async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
