// Calls of what a region's monitor does in its own database only, each with the token of its lease (`lease_lost` where it leads no more).
import type { CatalogItem, TopologyEntry } from '../domain/index.js';
import type { Database } from './database.js';
import { one } from './run.store.js';
import { jsonb } from './wire.js';

export interface FoundingMember {
  readonly region: string;
  readonly member_id: string;
  readonly zone: string;
}

export interface BegunRound {
  readonly mesh_id: string;
  readonly member_id: string;
  readonly region: string;
  /** Grants are asked for this one. */
  readonly epoch: number;
  readonly round: number;
  readonly lease_live: boolean;
  readonly schema_version: number;
}

export interface RoundAnswer {
  readonly member_id: string;
  readonly granted: boolean;
  readonly last_round: number;
}

export interface SettledLease {
  readonly won: boolean;
  /** Of the lease that the region has now. */
  readonly left_ms: number | null;
  readonly reason: string | null;
}

export interface NotedSuspicion {
  readonly memberId: string;
  readonly grantsSeen: number;
  readonly granting: boolean;
  readonly withhold: boolean;
}

export interface ObservedWish {
  /** To be proposed; null: it was decided, and this is told once. */
  readonly item: CatalogItem | null;
  readonly epoch: number | null;
  readonly outcome: string | null;
}

export class RegionStore {
  constructor(private readonly db: Database) {}

  /** found_mesh: epoch 1, here. The mesh's id. Throws `mesh_exists`, `not_empty`, `other_member`, `invalid_request`. */
  async found(token: number, region: string, members: readonly FoundingMember[]): Promise<string> {
    return one(await this.db.callSql<{ foundMesh: string }>('found_mesh', [token, region, jsonb(members)])).foundMesh;
  }

  /** join_mesh: the log of another region that names this one. The last epoch learned. Throws `mesh_exists`, `not_empty`, `other_member`, `unknown_value`. */
  async join(token: number, region: string, entries: readonly TopologyEntry[]): Promise<number> {
    return one(await this.db.callSql<{ joinMesh: number }>('join_mesh', [token, region, jsonb(entries)])).joinMesh;
  }

  /** renew_member: another member id, and a log that is empty, for a region that stands still. Throws `mesh_exists` where it does not. */
  async renew(token: number): Promise<string> {
    return one(await this.db.callSql<{ renewMember: string }>('renew_member', [token])).renewMember;
  }

  /** next_ballot: promised to itself already. Throws `not_the_next_epoch`. */
  async nextBallot(token: number, epoch: number, above: number): Promise<number> {
    return one(await this.db.callSql<{ nextBallot: number }>('next_ballot', [token, epoch, above])).nextBallot;
  }

  /** begin_round: its number is durable before this returns. Throws `no_mesh`, `member_stopped`. */
  async beginRound(token: number, leaseMs: number): Promise<BegunRound> {
    return one(await this.db.callSql<{ beginRound: BegunRound }>('begin_round', [token, leaseMs])).beginRound;
  }

  /** settle_lease: with everybody who answered, whatever. */
  async settleLease(token: number, round: number, answers: readonly RoundAnswer[]): Promise<SettledLease> {
    return one(await this.db.callSql<{ settleLease: SettledLease }>('settle_lease', [token, round, jsonb(answers)])).settleLease;
  }

  /** clear_lease: it is over by the monitor's own clock. `reason`: why it was not won again. */
  async clearLease(token: number, reason: string): Promise<void> {
    await this.db.callSql('clear_lease', [token, reason]);
  }

  /** suspect: in place of what was noted before. */
  async suspect(token: number, suspicions: readonly NotedSuspicion[]): Promise<void> {
    const rows = suspicions.map(({ memberId, grantsSeen, granting, withhold }) => ({
      member_id: memberId,
      grants_seen: grantsSeen,
      granting,
      withhold,
    }));
    await this.db.callSql('suspect', [token, jsonb(rows)]);
  }

  /** begin_seal: no grant from here from now on. Throws `seal_refused`, `not_the_next_epoch`. */
  async beginSeal(
    token: number,
    { memberId, epoch, grantsSeen, reason }: { memberId: string; epoch: number; grantsSeen: number; reason: string },
  ): Promise<void> {
    await this.db.callSql('begin_seal', [token, memberId, epoch, grantsSeen, reason]);
  }

  /** end_link_worker: how many workers still apply. */
  async endLinkWorker(token: number, memberId: string, terminate: boolean): Promise<number> {
    return one(await this.db.callSql<{ endLinkWorker: number }>('end_link_worker', [token, memberId, terminate])).endLinkWorker;
  }

  /** finish_seal: whether the seal counts now. Throws `seal_refused`, `not_the_next_epoch`. */
  async finishSeal(token: number, memberId: string, epoch: number): Promise<boolean> {
    return one(await this.db.callSql<{ finishSeal: boolean }>('finish_seal', [token, memberId, epoch])).finishSeal;
  }

  /** unseal: whether the link from that member is enabled now; `knownEpoch` is what its own database answered. */
  async unseal(token: number, memberId: string, knownEpoch: number): Promise<boolean> {
    return one(await this.db.callSql<{ unseal: boolean }>('unseal', [token, memberId, knownEpoch])).unseal;
  }

  /** request_region_command: what an operator wishes; the monitor carries it out. Throws `no_mesh`. */
  async request(command: {
    command: string;
    arguments: object;
    requestedBy: string | null;
  }): Promise<{ commandId: string; state: string }> {
    const wire = { command: command.command, arguments: command.arguments, requested_by: command.requestedBy };
    return one(await this.db.callSql<{ commandId: string; state: string }>('request_region_command', [wire]));
  }

  /** observe_wishes: versions and keys that this region wants in the log, at most 1,000; and what became of others. */
  observeWishes(token: number): Promise<ObservedWish[]> {
    return this.db.callSql<ObservedWish>('observe_wishes', [token]);
  }

  /** finish_region_command: false where it is over already. */
  async finish(
    token: number,
    { commandId, state, outcome }: { commandId: string; state: 'working' | 'done' | 'failed'; outcome: string },
  ): Promise<boolean> {
    const [row] = await this.db.callSql<{ finishRegionCommand: boolean }>('finish_region_command', [token, commandId, state, outcome]);
    return row!.finishRegionCommand;
  }
}
