// Keeps the region's lease (D3) and watches the other members (D4): a duty of the failover-monitor that leads, one round of grants every heartbeat.
//
// Round         Begun durably in the own database, which reads its clock; then every member is asked, this one included. It is settled as soon as a majority
//               has granted and everybody has answered, or everybody but who was silent in the round before, or a heartbeat has passed (when-enough.ts). The
//               lease counts from the clock that was read at the beginning.
// End           By the database's clock. Should that step back, this process's monotonic clock ends it: the first tick that comes lease_ms after the beginning
//               of the round that won it clears it.
// Suspicion     Counted here, per member, on the monotonic clock; anew with every term and every start of the database's server.
// Told          Losing it and winning it again: by SQL, in failover_events.
// Failure       No majority, no lease, no execution: a minority fences itself. A monitor that dies is replaced within its lease, which must fit into the
//               region's (LEASE_TTL_MS; a region whose monitor is late loses its lease for that long, nothing else).
import { type GrantWatches, suspicionsOf, takeableFrom, VOTES, watchGrants } from '../domain/index.js';
import type { Duty } from '../leadership/index.js';
import type { BegunRound, GrantAnswer, MeshMember, RegionReader, RegionStore, SettledLease } from '../store/index.js';
import type { Peers } from './peers.js';
import type { RegionBelief } from './belief.js';
import { whenHeard } from './when-enough.js';

export interface LeaseKeeperOptions {
  readonly peers: Peers;
  readonly regions: RegionStore;
  readonly reader: RegionReader;
  readonly belief: RegionBelief;
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly marginMs: number;
  /** Told when the region had its lease and has it no more. */
  readonly leaseLost?: (() => void) | undefined;
  /** A monotonic clock, in ms. */
  readonly now: () => number;
}

/** So much of a heartbeat a round waits for who did not answer in the one before: else a region that hangs would make every round as long as two. */
const SILENT_PER_HEARTBEAT = 4;

export class LeaseKeeper implements Duty {
  readonly name = 'region lease';
  readonly intervalMs: number;
  private watches: GrantWatches = new Map();
  private countedFor: string | null = null;
  /** Members that were asked in the last round and have not answered since. */
  private silent: Set<string> = new Set();
  private held = false;
  private endsAtMs: number | null = null;
  /** Why the last round did not win. */
  private notWon: string | null = null;

  constructor(private readonly options: LeaseKeeperOptions) {
    this.intervalMs = options.heartbeatMs;
  }

  async tick(token: number): Promise<'idle'> {
    const { regions, reader, leaseMs } = this.options;
    const mesh = await reader.mesh();
    if (mesh === null || mesh.stoppedReason !== null) return 'idle';
    const members = await reader.members();
    const beganMs = this.options.now();
    if (this.endsAtMs !== null && beganMs >= this.endsAtMs) await this.clear(token);
    const round = await regions.beginRound(token, leaseMs);
    const answers = await this.askForGrants(round, members);
    const settled = await regions.settleLease(
      token,
      round.round,
      [...answers].map(([member_id, { granted, last_round }]) => ({ member_id, granted, last_round })),
    );
    this.believe(settled, beganMs);
    await this.noteSuspicions(token, round, { members, answering: new Set(answers.keys()) });
    return 'idle';
  }

  /** Somebody else leads: the counts begin anew with the next term. */
  standBy(): void {
    this.watches = new Map();
    this.countedFor = null;
    this.options.belief.forget();
    this.endsAtMs = null;
  }

  private async askForGrants(round: BegunRound, members: readonly MeshMember[]): Promise<ReadonlyMap<string, GrantAnswer>> {
    const { peers, heartbeatMs, leaseMs } = this.options;
    const answers = new Map<string, GrantAnswer>();
    const report = { leaseLive: round.lease_live, leaseMs, schemaVersion: round.schema_version };
    const silentBefore = this.silent;
    const missing = (this.silent = new Set(members.map(({ memberId }) => memberId)));
    const asking = members.map(async (member) => {
      const call = { meshId: round.mesh_id, from: round.member_id, to: member.memberId };
      const answer = await peers.askInEpoch(member, call, { epoch: round.epoch, follow: true }, (store, epoch) =>
        store.grantLease(call, { epoch, round: round.round, report }),
      );
      if (answer === null || answer.member_id !== member.memberId) return;
      answers.set(member.memberId, answer);
      missing.delete(member.memberId);
    });
    const needed = Math.floor(members.filter(({ state }) => VOTES[state]).length / 2) + 1;
    const granted = (): boolean =>
      members.filter((member) => VOTES[member.state] && answers.get(member.memberId)?.granted).length >= needed;
    await whenHeard(asking, {
      lateMs: heartbeatMs,
      enough: granted,
      silentMs: heartbeatMs / SILENT_PER_HEARTBEAT,
      heard: () => [...missing].every((memberId) => silentBefore.has(memberId)),
    });
    return new Map(answers);
  }

  private async clear(token: number): Promise<void> {
    await this.options.regions.clearLease(token, this.notWon ?? 'it has run out');
    this.endsAtMs = null;
  }

  private believe({ won, left_ms, reason }: SettledLease, beganMs: number): void {
    const { belief, leaseMs, leaseLost } = this.options;
    this.notWon = reason;
    if (won) this.endsAtMs = beganMs + leaseMs;
    const holds = left_ms !== null;
    if (this.held && !holds) leaseLost?.();
    this.held = holds;
    belief.leftMs = left_ms;
  }

  private async noteSuspicions(
    token: number,
    round: BegunRound,
    { members, answering }: { members: readonly MeshMember[]; answering: ReadonlySet<string> },
  ) {
    const { reader, regions, belief, leaseMs, marginMs } = this.options;
    const { serverStartedAt, counts } = await reader.grants();
    const counted = `${token} ${serverStartedAt.toISOString()}`;
    const nowMs = this.options.now();
    const others = members.filter(({ memberId, state }) => memberId !== round.member_id && VOTES[state]).map(({ memberId }) => memberId);
    this.watches = watchGrants(this.countedFor === counted ? this.watches : new Map(), counts, { members: others, nowMs, leaseMs });
    this.countedFor = counted;
    const placement = await reader.placement();
    const worthIt = new Set([...takeableFrom({ members, placement }, answering), ...belief.givenUp.keys()]);
    const suspicions = suspicionsOf(this.watches, worthIt, { nowMs, marginMs });
    await regions.suspect(
      token,
      suspicions.map((suspicion) => ({ ...suspicion, withhold: belief.suspectedByMajority.has(suspicion.memberId) })),
    );
    const known = new Set(belief.suspicions.map(({ memberId }) => memberId));
    belief.suspicions = suspicions;
    if (suspicions.some(({ memberId }) => !known.has(memberId))) belief.lookNow(); // everything that follows takes rounds of its own
  }
}
