// Calls about the groups that are at home in this region: the ledger of its stream, adoption after a takeover, and the marks of planned moves.
// Each but `whyNot` with the token of the lease `failover-monitor` (`lease_lost` where it leads no more).
import type { Database } from './database.js';
import type { LeaderBatch } from './run.store.js';
import { one } from './run.store.js';

/** A part of the adoption of a group. */
export interface AdoptedChunk {
  readonly placementGroup: string;
  readonly runs: number;
  /** Rows that are no whole runs: tasks of a large one, schedules, deletions. */
  readonly others: number;
  /** The group has its marker now and may be written. */
  readonly done: boolean;
  /** Logical queues that got work: whom to wake. */
  readonly queues: string[] | null;
}

/** A group that is being moved away. */
export interface MoveSeen {
  readonly placementGroup: string;
  readonly target: string;
  readonly targetMember: string | null;
  readonly mark: 'draining' | 'stopped';
  /** Its tasks that a worker holds. */
  readonly inFlight: number;
  /** Messages of theirs that wait for other regions' confirmation. */
  readonly held: number;
  readonly drainOver: boolean;
  readonly mayStop: boolean;
  /** The target has everything that was written until the stop. */
  readonly confirmed: boolean;
  readonly proposedEpoch: number | null;
  /** Why it goes. */
  readonly reason: string | null;
  /** Since when nothing of it begins. */
  readonly markedMs: number;
}

export interface MoveRequest {
  readonly token: number;
  readonly groups: readonly string[];
  /** Region. */
  readonly target: string;
  /** How long running tasks may take to finish before they are given back. */
  readonly drainMs: number;
  /** Why they go, as the end of a sentence. */
  readonly reason: string;
}

export interface NotHome {
  readonly reason: 'unknown' | 'elsewhere' | 'no_lease' | 'adopting' | 'moving';
  readonly sentence: string;
  /** The home, where that is known. */
  readonly region: string | null;
}

export class HomeStore {
  constructor(private readonly db: Database) {}

  /** advance_tick: the tick that begins. */
  async advanceTick(token: number): Promise<number> {
    return one(await this.db.callSql<{ advanceTick: number }>('advance_tick', [token])).advanceTick;
  }

  /** close_ticks: how many were closed. */
  async closeTicks(token: number): Promise<number> {
    return one(await this.db.callSql<{ closeTicks: number }>('close_ticks', [token])).closeTicks;
  }

  /** note_replicated: up to this tick every member has what this region wrote; null while none is. */
  async noteReplicated(token: number): Promise<number | null> {
    return one(await this.db.callSql<{ noteReplicated: number | null }>('note_replicated', [token])).noteReplicated;
  }

  /** find_runs_to_adopt: call again while `looked` is the limit. */
  async findRunsToAdopt({ token, limit }: LeaderBatch): Promise<{ looked: number; noted: number }> {
    return one(await this.db.callSql<{ looked: number; noted: number }>('find_runs_to_adopt', [token, limit]));
  }

  /** adopt_chunk; null: nothing is left to adopt. Throws `not_home` where the group was lost meanwhile, or the lease. */
  async adoptChunk({ token, rowsMax }: { token: number; rowsMax: number }): Promise<AdoptedChunk | null> {
    return (await this.db.callSql<AdoptedChunk>('adopt_chunk', [token, rowsMax]))[0] ?? null;
  }

  /** begin_move: how many of the groups drain now. Twice is once. Throws `not_home`, `invalid_request`; `database_unavailable` where a writer stalls: try again. */
  async beginMove({ token, groups, target, drainMs, reason }: MoveRequest): Promise<number> {
    return one(await this.db.callSql<{ beginMove: number }>('begin_move', [token, groups, target, drainMs, reason])).beginMove;
  }

  /** observe_moves. */
  moves(): Promise<MoveSeen[]> {
    return this.db.callSql('observe_moves', []);
  }

  /** stop_move: how many of the groups are stopped now; one of which something is in flight is not. */
  async stopMove(token: number, groups: readonly string[]): Promise<number> {
    return one(await this.db.callSql<{ stopMove: number }>('stop_move', [token, groups])).stopMove;
  }

  /** note_proposed_move: those of the groups that may be proposed for this epoch; call it before the first ballot. Throws `not_the_next_epoch`. */
  async noteProposedMove(token: number, epoch: number, groups: readonly string[]): Promise<string[]> {
    const rows = await this.db.callSql<{ noteProposedMove: string }>('note_proposed_move', [token, epoch, groups]);
    return rows.map(({ noteProposedMove }) => noteProposedMove);
  }

  /** give_up_move: how many were given up; not one whose epoch is still open. */
  async giveUpMove(token: number, groups: readonly string[], reason: string): Promise<number> {
    return one(await this.db.callSql<{ giveUpMove: number }>('give_up_move', [token, groups, reason])).giveUpMove;
  }

  /** throttle_claims: why nothing is claimed now, as a sentence; null: claims go on. */
  async throttleClaims(token: number, maxLagBytes: number): Promise<string | null> {
    return one(await this.db.callSql<{ throttleClaims: string | null }>('throttle_claims', [token, maxLagBytes])).throttleClaims;
  }

  /** why_not_home; null: the tenant may be written here. */
  async whyNot(tenantId: string): Promise<NotHome | null> {
    return (await this.db.callSql<NotHome>('why_not_home', [tenantId]))[0] ?? null;
  }
}
