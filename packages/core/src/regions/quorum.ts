// Waits until what was committed is confirmed by a quorum of regions (R6). One poller serves all waiters of a process, and asks nothing while nobody
// waits. It is called after the commit: the position to wait for is that of the log as it is flushed then, which the next look brings.
//
// Before anybody is told, the own database is asked once more whether the tenant is at home here still, under the tenure it was written in; otherwise a
// deposed region would acknowledge what its peers have dropped. A cancelled or timed-out wait leaves nothing behind: what was committed may stand.
// Errors: quorum_unavailable (in time; or the home has moved), quorum_impossible (no other region votes)
import { positionOf, reasonOf, WorkflowError } from '../domain/index.js';
import type { QuorumStore, WrittenTenure, ZoneQuorum } from '../store/index.js';

const POLL_MS = 5;
const RETRY_MS = 100;

export interface QuorumWait extends WrittenTenure {
  /** `global`, or the residency zone that the rows stay in. */
  readonly zone: string;
  readonly timeoutMs: number;
}

interface Waiter extends QuorumWait {
  position: bigint | null;
  readonly deadlineMs: number;
  readonly resolve: () => void;
  readonly reject: (error: WorkflowError) => void;
}

export class Quorum {
  private waiters: Waiter[] = [];
  private polling: Promise<void> | null = null;

  constructor(private readonly store: Pick<QuorumStore, 'observe' | 'stillAtHome'>) {}

  /** Resolves when all that was committed before the call is confirmed, and may be acknowledged. */
  confirm(wait: QuorumWait): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiters.push({ ...wait, position: null, deadlineMs: performance.now() + wait.timeoutMs, resolve, reject });
      this.polling ??= this.poll();
    });
  }

  /** Ends all waits, in vain; the database is not asked any more. */
  close(): void {
    this.end(this.waiters, (waiter) => waiter.reject(unavailable('this process stops')));
  }

  get waiting(): number {
    return this.waiters.length;
  }

  private async poll(): Promise<void> {
    while (this.waiters.length > 0) {
      const before = this.waiters.length;
      let pauseMs = POLL_MS;
      try {
        await this.look();
      } catch (error) {
        this.expire(reasonOf(error));
        pauseMs = RETRY_MS;
      }
      if (this.waiters.length === 0 && before > 0) break;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    this.polling = null;
  }

  private async look(): Promise<void> {
    const asked = [...this.waiters]; // whoever comes while we look may have committed after it
    const seen = await this.store.observe();
    for (const waiter of asked) waiter.position ??= positionOf(seen.flushed);
    const quorumOf = (zone: string): ZoneQuorum => seen.zones.get(zone) ?? NOBODY;
    this.end(
      asked.filter(({ zone }) => quorumOf(zone).needed === 0),
      (waiter) => waiter.reject(impossible()),
    );
    const confirmed = asked.filter(({ position, zone }) => hasReached(quorumOf(zone), position!));
    if (confirmed.length > 0) {
      const home = await this.store.stillAtHome(confirmed);
      this.end(home, (waiter) => waiter.resolve());
      const elsewhere = (waiter: Waiter): WorkflowError => unavailable(`tenant ${waiter.tenantId} is not at home here any more`);
      this.end(confirmed, (waiter) => waiter.reject(elsewhere(waiter))); // the others
    }
    this.expire('too few regions have confirmed it');
  }

  private expire(reason: string): void {
    const nowMs = performance.now();
    this.end(
      this.waiters.filter(({ deadlineMs }) => deadlineMs <= nowMs),
      (waiter) => waiter.reject(unavailable(`not confirmed within ${waiter.timeoutMs} ms: ${reason}`)),
    );
  }

  private end(ended: readonly Waiter[], tell: (waiter: Waiter) => void): void {
    if (ended.length === 0) return;
    const asked = new Set(ended);
    const open = this.waiters.filter((waiter) => asked.has(waiter));
    this.waiters = this.waiters.filter((waiter) => !asked.has(waiter));
    for (const waiter of open) tell(waiter);
  }
}

const NOBODY: ZoneQuorum = { needed: 0, confirmed: null };
const hasReached = ({ needed, confirmed }: ZoneQuorum, position: bigint): boolean =>
  needed > 0 && confirmed !== null && positionOf(confirmed) >= position;
const impossible = (): WorkflowError =>
  new WorkflowError('quorum_impossible', 'there is no other region that could confirm: durability must be local', { field: 'durability' });
const unavailable = (sentence: string): WorkflowError => new WorkflowError('quorum_unavailable', sentence);
