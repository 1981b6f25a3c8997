// The network between regions: a proxy for every ordered pair, through which everything of the one (its monitor's calls, its server's subscriptions)
// reaches the database of the other. What is done to a pair is done to both of its proxies.
//
// Limit: one delay at a time for a pair; services of a region reach their own database directly, always.
import { LinkProxy } from '@singularity-workflow/testkit';

/** `one-way`: what the first sends to the second is swallowed; the other way all is well. */
export type Passage = 'open' | 'cut' | 'one-way' | 'delayed';

interface Way {
  readonly from: string;
  readonly to: string;
  readonly proxy: LinkProxy;
  state: Passage;
}

export class Passages {
  private constructor(private readonly ways: readonly Way[]) {}

  /** `ports`: of each region's database. */
  static async open(ports: ReadonlyMap<string, number>): Promise<Passages> {
    const pairs = [...ports.keys()].flatMap((from) => [...ports.keys()].filter((to) => to !== from).map((to) => ({ from, to })));
    return new Passages(
      await Promise.all(
        pairs.map(async (pair) => ({ ...pair, proxy: await LinkProxy.start(ports.get(pair.to)!), state: 'open' as const })),
      ),
    );
  }

  /** The port by which `from` reaches the database of `to`. */
  portOf(from: string, to: string): number {
    return this.way(from, to).proxy.port;
  }

  stateOf(from: string, to: string): Passage {
    return this.way(from, to).state;
  }

  /** Connections break, and new ones are refused. */
  cut(a: string, b: string): void {
    for (const way of this.between(a, b)) {
      way.proxy.cut();
      way.state = 'cut';
    }
  }

  /** Nothing that `from` sends arrives at `to`: its questions, and its answers. Connections stand. */
  swallow(from: string, to: string): void {
    this.way(from, to).proxy.swallow('to-server');
    this.way(to, from).proxy.swallow('to-client');
    this.way(from, to).state = 'one-way';
  }

  /** Everything between them arrives so much later, each way. */
  delay(a: string, b: string, ms: number): void {
    for (const way of this.between(a, b)) {
      way.proxy.delay(ms);
      way.state = 'delayed';
    }
  }

  heal(): void {
    for (const way of this.ways) {
      way.proxy.heal();
      way.state = 'open';
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.ways.map(({ proxy }) => proxy.close()));
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
