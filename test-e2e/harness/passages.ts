// The network between regions: proxies for every ordered pair, through which everything of the one (its monitor's calls, its server's subscriptions, what
// its router forwards) reaches the database of the other, and its router. What is done to a pair is done to all of its proxies.
//
// Limit: one delay at a time for a pair; services of a region reach their own database directly, always.
import { LinkProxy } from '@singularity-workflow/testkit';

/** `one-way`: what the first sends to the second is swallowed; the other way all is well. */
export type Passage = 'open' | 'cut' | 'one-way' | 'delayed';

/** Ports at which a region is reached. */
export interface Doors {
  readonly database: number;
  /** Where the others know it. */
  readonly router?: number;
}

interface Way {
  readonly from: string;
  readonly to: string;
  readonly proxies: ReadonlyMap<keyof Doors, LinkProxy>;
  state: Passage;
}

export class Passages {
  private constructor(private readonly ways: Way[]) {}

  static async open(doors: ReadonlyMap<string, Doors>): Promise<Passages> {
    return new Passages(await waysBetween(doors, () => true));
  }

  /** Ways from another region to all others, and back; `doors` of all of them. */
  async add(name: string, doors: ReadonlyMap<string, Doors>): Promise<void> {
    this.ways.push(...(await waysBetween(doors, (from, to) => from === name || to === name)));
  }

  knows(name: string): boolean {
    return this.ways.some(({ from }) => from === name);
  }

  /** The port by which `from` reaches the database, or the router, of `to`. */
  portOf(from: string, to: string, door: keyof Doors = 'database'): number {
    const proxy = this.way(from, to).proxies.get(door);
    if (proxy === undefined) throw new Error(`${to} has no ${door} that others know`);
    return proxy.port;
  }

  stateOf(from: string, to: string): Passage {
    return this.way(from, to).state;
  }

  /** Connections break, and new ones are refused. */
  cut(a: string, b: string): void {
    for (const way of this.between(a, b)) {
      each(way, (proxy) => proxy.cut());
      way.state = 'cut';
    }
  }

  /** Nothing that `from` sends arrives at `to`: its questions, and its answers. Connections stand. */
  swallow(from: string, to: string): void {
    each(this.way(from, to), (proxy) => proxy.swallow('to-server'));
    each(this.way(to, from), (proxy) => proxy.swallow('to-client'));
    this.way(from, to).state = 'one-way';
  }

  /** Everything between them arrives so much later, each way. */
  delay(a: string, b: string, ms: number): void {
    for (const way of this.between(a, b)) {
      each(way, (proxy) => proxy.delay(ms));
      way.state = 'delayed';
    }
  }

  heal(): void {
    for (const way of this.ways) {
      each(way, (proxy) => proxy.heal());
      way.state = 'open';
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.ways.flatMap(({ proxies }) => [...proxies.values()].map((proxy) => proxy.close())));
  }

  private way(from: string, to: string): Way {
    const way = this.ways.find((one) => one.from === from && one.to === to);
    if (way === undefined) throw new Error(`there is no way from ${from} to ${to}`);
    return way;
  }

  private between(a: string, b: string): readonly Way[] {
    return [this.way(a, b), this.way(b, a)];
  }
}

function each({ proxies }: Way, act: (proxy: LinkProxy) => void): void {
  for (const proxy of proxies.values()) act(proxy);
}

function waysBetween(doors: ReadonlyMap<string, Doors>, isWanted: (from: string, to: string) => boolean): Promise<Way[]> {
  const pairs = [...doors.keys()].flatMap((from) => [...doors.keys()].filter((to) => to !== from).map((to) => ({ from, to })));
  return Promise.all(
    pairs
      .filter(({ from, to }) => isWanted(from, to))
      .map(async (pair) => ({ ...pair, proxies: await proxiesTo(doors.get(pair.to)!), state: 'open' as const })),
  );
}

async function proxiesTo({ database, router }: Doors): Promise<Way['proxies']> {
  const proxies = new Map<keyof Doors, LinkProxy>([['database', await LinkProxy.start(database)]]);
  if (router !== undefined) proxies.set('router', await LinkProxy.start(router));
  return proxies;
}
