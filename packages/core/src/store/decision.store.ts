// Calls of the decision plane (D2): the functions that a monitor calls in every region, its own included. A database of another region is one more Database,
// with a login that is a member of region_peer.
//
// Every call names the mesh, who calls and whom it takes the other for; every answer names who answered. Errors `other_mesh`, `other_member`, `no_mesh` and
// `member_stopped` are refusals by name; `database_unavailable` says nothing (the call may have taken effect).
import type { GroupRank, TopologyEntry, TopologyValue } from '../domain/index.js';
import type { Database } from './database.js';
import { one } from './run.store.js';
import { jsonb } from './wire.js';

export interface MeshCall {
  readonly meshId: string;
  readonly from: string;
  readonly to: string;
}

/** `behind`: the caller is, `entries` are what it lacks; `ahead`: whoever answers is behind, tell it first. */
export interface EpochAnswer {
  readonly mesh_id: string;
  readonly member_id: string;
  readonly last_epoch: number;
  readonly status: 'current' | 'behind' | 'ahead';
  readonly entries?: readonly TopologyEntry[];
}

export interface LeaseReport {
  readonly leaseLive: boolean;
  readonly leaseMs: number;
  readonly schemaVersion: number;
}

export interface GrantAnswer extends EpochAnswer {
  readonly granted: boolean;
  readonly reason: 'epoch' | 'sealed' | 'suspected' | 'round' | 'not_reached' | null;
  readonly last_round: number;
  readonly schema_version: number;
}

export interface PrepareAnswer extends EpochAnswer {
  readonly promised: number;
  readonly accepted_ballot: number | null;
  readonly accepted_value: TopologyValue | null;
  readonly seals: Readonly<Record<string, Readonly<Record<string, GroupRank>>>>;
  /** Of those, since the member granted it a lease last; an older release does not say. */
  readonly silent_ms?: Readonly<Record<string, number>>;
}

export interface AcceptAnswer extends EpochAnswer {
  readonly promised: number;
}

export interface SuspicionAnswer extends EpochAnswer {
  readonly suspected: readonly string[];
  readonly sealed: readonly string[];
  /** It has accepted a value in this epoch. */
  readonly accepted: boolean;
  /** It has what every home has written: a member that joins or copies is through. */
  readonly copied: boolean;
}

export interface LearnAnswer {
  readonly mesh_id: string;
  readonly member_id: string;
  readonly last_epoch: number;
  /** `unknown_value`: the next entry is of a version that it does not know; it stops there. */
  readonly status: 'current' | 'unknown_value';
}

export interface BarrierAnswer extends EpochAnswer {
  /** Zones of the groups that are at home there. */
  readonly holds: readonly string[];
  readonly knows: boolean;
  readonly lease_is_newer: boolean;
  readonly marked: boolean;
  readonly position: string | null;
  readonly confirmed: readonly string[];
}

/** The log of a database, be it a member or not. */
export interface LogAnswer {
  /** Null: it belongs to no mesh. */
  readonly mesh_id: string | null;
  readonly region: string | null;
  readonly member_id: string;
  readonly last_epoch: number;
  readonly stopped_reason: string | null;
  /** It has runs. */
  readonly filled: boolean;
  readonly entries: readonly TopologyEntry[];
}

export class DecisionStore {
  constructor(private readonly db: Database) {}

  /** topology_since: at most 1,000 entries after `epoch`. Needs no mesh. */
  async log(epoch: number): Promise<LogAnswer> {
    return one(await this.db.callSql<{ topologySince: LogAnswer }>('topology_since', [epoch])).topologySince;
  }

  /** learn_topology: appends what it does not know. Throws `topology_forked`. */
  async learn(call: MeshCall, entries: readonly TopologyEntry[]): Promise<LearnAnswer> {
    return one(await this.db.callSql<{ learnTopology: LearnAnswer }>('learn_topology', [callOf(call), jsonb(entries)])).learnTopology;
  }

  /** grant_lease: for this round. */
  async grantLease(call: MeshCall, { epoch, round, report }: { epoch: number; round: number; report: LeaseReport }): Promise<GrantAnswer> {
    const wire = { lease_live: report.leaseLive, lease_ms: report.leaseMs, schema_version: report.schemaVersion };
    return one(await this.db.callSql<{ grantLease: GrantAnswer }>('grant_lease', [callOf(call), epoch, round, wire])).grantLease;
  }

  /** suspicions: whom it suspects and has sealed. */
  async suspicions(call: MeshCall, epoch: number): Promise<SuspicionAnswer> {
    return one(await this.db.callSql<{ suspicions: SuspicionAnswer }>('suspicions', [callOf(call), epoch])).suspicions;
  }

  /** prepare: promised iff `promised` is `ballot`. */
  async prepare(call: MeshCall, { epoch, ballot }: { epoch: number; ballot: number }): Promise<PrepareAnswer> {
    return one(await this.db.callSql<{ prepare: PrepareAnswer }>('prepare', [callOf(call), epoch, ballot])).prepare;
  }

  /** accept: accepted iff `promised` is `ballot`. */
  async accept(call: MeshCall, { epoch, ballot, value }: { epoch: number; ballot: number; value: TopologyValue }): Promise<AcceptAnswer> {
    return one(await this.db.callSql<{ accept: AcceptAnswer }>('accept', [callOf(call), epoch, ballot, jsonb(value)])).accept;
  }

  /** barrier: what a step of a member asks of every home (D7); `position`: of an answer before. */
  async barrier(call: MeshCall, { epoch, position }: { epoch: number; position: string | null }): Promise<BarrierAnswer> {
    return one(await this.db.callSql<{ barrier: BarrierAnswer }>('barrier', [callOf(call), epoch, position])).barrier;
  }

  close(): Promise<void> {
    return this.db.close();
  }
}

function callOf({ meshId, from, to }: MeshCall): { mesh_id: string; from: string; to: string } {
  return { mesh_id: meshId, from, to };
}
