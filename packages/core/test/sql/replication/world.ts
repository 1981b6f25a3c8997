// Who believes to be home under which tenure. A region that was deposed writes on under its old tenure until it learns of it: whether its rows were
// written before or are only late makes no difference to those who get them.
import type { TestDatabase } from '@singularity-workflow/testkit';
import type { LinkOrder, Order } from './orders.js';

interface Belief {
  readonly tenure: number;
  /** Until it has adopted what it found, it writes nothing else. */
  adopting: boolean;
}

export class World {
  tenure = 1;
  home = 0;
  readonly started = new Map<string, { key: string | null }>();
  readonly deleted = new Set<string>();
  private readonly beliefs: (Belief | null)[];
  private starts = 0;
  private notes = 0;

  constructor(private readonly databases: readonly TestDatabase[]) {
    this.beliefs = databases.map((_, index) => (index === 0 ? { tenure: 1, adopting: false } : null));
  }

  /** What regions do by themselves; what happens to links is the story's. Of `adopt`: whether there was anything to adopt. */
  async obey(one: Exclude<Order, LinkOrder>): Promise<boolean | void> {
    switch (one.do) {
      case 'start':
        return this.start(one.who, one.key);
      case 'write':
        return this.write(one.who, one.pick, one.what);
      case 'delete':
        return this.delete(one.who, one.pick);
      case 'schedule':
        return this.schedule(one.who);
      case 'take over':
        return this.takeOver(one.by);
      case 'learn':
        return this.learn(one.who);
      case 'adopt':
        return this.adopt(one.who, one.units);
    }
  }

  async start(who: number, key: number): Promise<void> {
    const believer = this.believer(who);
    if (believer.belief.adopting) return;
    this.starts += 1;
    const runId = `00000000-0000-7000-8000-${String(this.starts).padStart(12, '0')}`;
    const name = key < 2 ? `k${key}` : null;
    await believer.db.sql('select story.start($1, $2, $3)', [believer.belief.tenure, runId, name]);
    const [row] = await believer.db.sql<{ there: boolean }>(
      'select exists (select from workflow.workflow_runs where run_id = $1) as there',
      [runId],
    );
    if (row!.there) this.started.set(runId, { key: name });
  }

  async write(who: number, pick: number, what: number): Promise<void> {
    const { db, belief } = this.believer(who);
    if (!belief.adopting) await db.sql('select story.write($1, $2, $3, $4)', [belief.tenure, pick, what, this.note()]);
  }

  async delete(who: number, pick: number): Promise<void> {
    const { db, belief } = this.believer(who);
    if (belief.adopting) return;
    const [row] = await db.sql<{ run: string | null }>('select story.delete($1, $2) as run', [belief.tenure, pick]);
    if (row!.run) this.deleted.add(row!.run);
  }

  async schedule(who: number): Promise<void> {
    const { db, belief } = this.believer(who);
    if (!belief.adopting) await db.sql('select story.schedule($1, $2)', [belief.tenure, this.note()]);
  }

  takeOver(by: number): void {
    this.tenure += 1;
    this.home = by;
    this.beliefs[by] = { tenure: this.tenure, adopting: true };
  }

  learn(who: number): void {
    if (who !== this.home) this.beliefs[who] = null;
  }

  /** True: something was adopted. */
  async adopt(who: number, units: number): Promise<boolean> {
    const { db, belief } = this.believer(who);
    let adopted = false;
    for (let unit = 0; unit < units; unit += 1) {
      const [row] = await db.sql<{ more: boolean }>('select story.adopt($1) as more', [belief.tenure]);
      if (!row!.more) {
        belief.adopting = false;
        return adopted;
      }
      adopted = true;
    }
    return adopted;
  }

  private note = () => `n${(this.notes += 1)}`;

  private believer(who: number): { db: TestDatabase; belief: Belief } {
    const believers = this.beliefs.flatMap((belief, index) => (belief ? [{ db: this.databases[index]!, belief }] : []));
    return believers[who % believers.length]!;
  }

  adoptAsHome(): Promise<boolean> {
    for (const index of this.databases.keys()) this.learn(index);
    return this.adopt(0, Number.MAX_SAFE_INTEGER);
  }
}
