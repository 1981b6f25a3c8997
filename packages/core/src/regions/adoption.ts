// Takes over the groups that have become this region's own (R8): finds what must be adopted, adopts it in parts, group by group, and wakes executors.
// Late rows, which arrive after that, come the same way. SQL decides what is adopted and when a group is through; this only asks again and again.
//
// A part that does not fit the login's transaction_timeout is tried with half as many rows, and grows again when it fits. One that meets rows which a link
// is just bringing is tried again at the next tick.
// Events: group_adopted
import { isWorkflowError, type Logger } from '../domain/index.js';
import type { TickResult } from '../loop/index.js';
import type { AdoptedChunk, HomeStore } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';

const RUNS_WALKED_MAX = 1_000;
const ROWS_MAX = 2_000;
/** PostgreSQL's transaction_timeout and statement_timeout. */
const TIMEOUTS: readonly unknown[] = ['25P04', '57014'];
/** PostgreSQL's lock_timeout and deadlock: an apply worker writes the same rows. */
const IN_THE_WAY: readonly unknown[] = ['55P03', '40P01'];

export interface AdoptionOptions {
  readonly homes: Pick<HomeStore, 'findRunsToAdopt' | 'adoptChunk'>;
  readonly logger: Logger;
  /** Told of logical queues that got work. */
  readonly notify: (queues: readonly string[]) => void;
}

export class Adoption {
  private rowsMax = ROWS_MAX;
  private walking = true;
  private readonly runs = new Map<string, number>();
  /** Of groups whose marker is not there yet: nothing of them may be claimed before. */
  private readonly queues = new Map<string, readonly string[]>();

  constructor(private readonly options: AdoptionOptions) {}

  /** One part. `more`: there is another. */
  async tick(token: number): Promise<TickResult> {
    if (this.walking) {
      const { looked } = await this.options.homes.findRunsToAdopt({ token, limit: RUNS_WALKED_MAX });
      this.walking = looked === RUNS_WALKED_MAX;
      return this.walking ? 'more' : this.adopt(token);
    }
    return this.adopt(token);
  }

  private async adopt(token: number): Promise<TickResult> {
    const { homes } = this.options;
    try {
      const chunk = await homes.adoptChunk({ token, rowsMax: this.rowsMax });
      this.rowsMax = Math.min(ROWS_MAX, this.rowsMax * 2);
      if (chunk === null) {
        this.walking = true;
        return 'idle';
      }
      this.tell(chunk);
      return 'more';
    } catch (error) {
      this.walking = true; // a group that was lost meanwhile is forgotten by the next walk
      if (isWorkflowError(error, 'not_home')) return 'idle';
      if (!isWorkflowError(error, 'database_unavailable')) throw error;
      if (IN_THE_WAY.includes(error.facts['reason'])) return 'idle';
      if (!TIMEOUTS.includes(error.facts['reason'])) throw error;
      this.walking = false;
      this.rowsMax = Math.max(1, Math.floor(this.rowsMax / 2));
      return 'more';
    }
  }

  private tell({ placementGroup, runs, done, queues }: AdoptedChunk): void {
    const adopted = (this.runs.get(placementGroup) ?? 0) + runs;
    const woken = [...new Set([...(this.queues.get(placementGroup) ?? []), ...(queues ?? [])])];
    this.runs.set(placementGroup, adopted);
    this.queues.set(placementGroup, woken);
    if (!done) return;
    this.runs.delete(placementGroup);
    this.queues.delete(placementGroup);
    this.options.notify(woken);
    logEvent(this.options.logger, 'group_adopted', { group: placementGroup, runs: adopted });
  }
}
