// A place where runs are at home and executed, as the bench sees it: a lone region, or one of a mesh, whose peers must end with the same rows.
import { Sql } from '../database.js';
import type { Looker, Range } from '../peers/peer.js';
import { type Shape, stepsOf } from '../shape.js';
import type { Ended, WorkerGroup } from '../worker/group.js';
import { launchWorkers, siteOf, type Stand } from '../workloads/workload.js';

export interface HomeStand {
  /** With the address of its database, and the tenants that are at home there. */
  readonly stand: Stand;
  readonly shape: Shape;
  /** Databases of the others, where copies arrive. */
  readonly others: readonly Sql[];
}

export class Home {
  private readonly own: Looker;
  private readonly copies: readonly Looker[];
  private calls = 0;

  private constructor(
    private readonly home: HomeStand,
    readonly workers: WorkerGroup,
    private readonly sql: Sql,
  ) {
    const { stand, shape, others } = home;
    this.own = stand.peer.looker(sql, shape, stand.tenants);
    this.copies = others.map((other) => stand.peer.looker(other, shape, stand.tenants));
  }

  static async open(home: HomeStand): Promise<Home> {
    return new Home(home, await launchWorkers(home.stand, home.shape), new Sql(home.stand.url));
  }

  /** All of them are in its tables afterwards, and nobody is connected who submitted. */
  async submit(range: Range): Promise<void> {
    const { stand, shape } = this.home;
    this.calls = range.count * stepsOf(shape);
    for (const looker of [this.own, ...this.copies]) await looker.expect(range);
    const feeder = await stand.peer.feeder(siteOf(stand, shape));
    await feeder.submit(range);
    await feeder.close();
    await this.sql.analyze();
  }

  /** All handlers were called, and its database shows all runs as finished. */
  async isFinished(): Promise<boolean> {
    this.workers.assertHealthy();
    return this.workers.calls >= this.calls && (await this.own.unfinished()) === 0;
  }

  /** Its workers hang up; what they did, and what arrived elsewhere, is checked. */
  async end(): Promise<Ended> {
    const ended = await this.workers.end();
    const mistakes = [...ended.mistakes, ...(await this.own.check())];
    for (const copy of this.copies) mistakes.push(...(await copy.check()).map((mistake) => `in a copy: ${mistake}`));
    return { ...ended, mistakes };
  }

  async close(): Promise<void> {
    await Promise.all([this.workers.close(), this.sql.close()]);
  }
}
