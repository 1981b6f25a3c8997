// The attempts of a story: what each worker was given, what of it the worker knows, and which of its claims are settled.
import type { Claimed } from '@singularity-workflow/testkit';
import type { Attempt, ModelRun } from './model.js';

/** An attempt that a worker was given, with all that its report must carry. */
export type Given = Claimed & Attempt & { run: ModelRun } & Knowledge;

interface Knowledge {
  /** False: the answer to the claim was lost on its way. */
  isKnown: boolean;
  claimedAtMs: number;
  /** A heartbeat has shown that its worker does not know of it. */
  isMarked: boolean;
}

const SETTLED_MAX = 20;

export class Books {
  private readonly given: Given[] = [];
  private readonly forgotten = new Set<number>();

  give(task: Claimed, to: Pick<Given, 'worker' | 'run' | 'isKnown' | 'claimedAtMs'>): void {
    this.given.push({ ...task, step: task.step_slug, index: task.task_index, ...to, isMarked: false });
  }

  /** What a worker has heard of, held or not: what it may report. */
  knownTo(worker: string): Given[] {
    return this.given.filter((given) => given.worker === worker && given.isKnown);
  }

  heldBy(worker: string): Given[] {
    return this.given.filter((given) => given.worker === worker && given.run.holds(given));
  }

  /** What the scheduler takes back from living workers. */
  marked(): Given[] {
    return this.given.filter((given) => given.isMarked && given.run.holds(given));
  }

  /** A heartbeat of this worker: what it does not know of, and was given before then, is lost. */
  mark(worker: string, beforeMs: number): void {
    for (const given of this.heldBy(worker)) if (!given.isKnown && given.claimedAtMs < beforeMs) given.isMarked = true;
  }

  /** What a crash does to claims: who holds what is found anew, whether its worker knows of it must be asked again. */
  renew(nowMs: number): void {
    for (const given of this.given) Object.assign(given, { claimedAtMs: nowMs, isMarked: false });
  }

  /** Claims of which the worker holds nothing any more, the latest ones; they are forgotten from the call on that says so. */
  settle(worker: string): number[] {
    const known = this.knownTo(worker);
    const open = new Set(known.filter((given) => given.run.holds(given)).map(({ claim_id }) => claim_id));
    const settled = [...new Set(known.map(({ claim_id }) => claim_id))].filter((id) => !open.has(id)).slice(-SETTLED_MAX);
    for (const id of settled) this.forgotten.add(id);
    return settled;
  }

  /** Claims of others that hold something: to name them changes nothing. */
  foreign(worker: string): number[] {
    return this.given.filter((given) => given.worker !== worker && given.run.holds(given)).map(({ claim_id }) => claim_id);
  }

  isForgotten(claimId: number): boolean {
    return this.forgotten.has(claimId);
  }
}
