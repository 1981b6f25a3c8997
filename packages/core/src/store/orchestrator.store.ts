// Calls of the SQL functions about orchestrators (active-passive): the lease of a group, and what operators ask.
import type { Database } from './database.js';
import { one } from './run.store.js';
import { jsonb, snakeKeys } from './wire.js';

export interface LeadAnswer {
  /** Workers of the group may claim with `token`, for `leftMs`. */
  leads: boolean;
  token: number;
  /** The group that leads; null: nobody does. */
  leader: string | null;
  /** The worker that renewed the lease last. */
  holder: string | null;
  leftMs: number;
  /** The group gives the lease up: claim no more, finish within `drainMs`, then give the rest back. */
  handsOver: boolean;
  drainMs: number | null;
  /** By this very call. */
  taken: boolean;
  /** Why it does not lead, where somebody could. */
  reason: string | null;
}

export type CommandKind = 'stop' | 'promote' | 'fence';
export type CommandState = 'requested' | 'done' | 'failed';

export interface CommandRequest {
  kind: CommandKind;
  /** Of a fence; default `orchestrator:leader`. */
  lease?: string | undefined;
  workerId?: string | undefined;
  group?: string | undefined;
  drainMs?: number | undefined;
  requestedBy?: string | undefined;
  /** One sentence. */
  reason?: string | undefined;
}

export interface CommandRow {
  commandId: string;
  kind: CommandKind;
  lease: string | null;
  workerId: string | null;
  targetGroup: string | null;
  drainMs: number;
  requestedAt: Date;
  requestedBy: string | null;
  reason: string;
  overdueAt: Date;
  state: CommandState;
  outcome: string | null;
  token: number | null;
  finishedAt: Date | null;
}

export class OrchestratorStore {
  constructor(private readonly db: Database) {}

  /** lead_group: takes, renews or gives up the lease for the worker's group. Throws `worker_unknown` (register again). */
  async lead({ workerId, ttlMs, standingMs }: { workerId: string; ttlMs: number; standingMs: number }): Promise<LeadAnswer> {
    return one(await this.db.callSql<LeadAnswer>('lead_group', [workerId, ttlMs, standingMs]));
  }

  /** request_command. Throws `no_candidate`, `command_pending`, `unknown_lease`, `worker_unknown`, `invalid_request`. */
  async request(command: CommandRequest): Promise<CommandRow> {
    return one(await this.db.callSql<CommandRow>('request_command', [jsonb(snakeKeys(command))]));
  }

  /** finish_command; false: it was finished before. */
  async finish({ commandId, state, outcome }: { commandId: string; state: 'done' | 'failed'; outcome: string }): Promise<boolean> {
    return one(await this.db.callSql<{ finishCommand: boolean }>('finish_command', [commandId, state, outcome])).finishCommand;
  }

  /** fence_leader: only if the lease still has the token `seen` (null: whatever it has). The new token; null: nothing was fenced. Throws `lease_lost`. */
  async fence(fence: {
    token: number;
    lease: string;
    seen: number | null;
    reason: string;
    commandId: string | null;
  }): Promise<number | null> {
    const { token, lease, seen, reason, commandId } = fence;
    return one(await this.db.callSql<{ fenceLeader: number | null }>('fence_leader', [token, lease, seen, reason, commandId])).fenceLeader;
  }

  /** fail_back: the lease goes back to this group, in order. The command's id. Throws `lease_lost`, `command_pending`, `no_candidate`. */
  async failBack({ token, group, reason }: { token: number; group: string; reason: string }): Promise<string> {
    return one(await this.db.callSql<{ failBack: string }>('fail_back', [token, group, reason])).failBack;
  }
}
