// The decision plane of every region as seen from one: its own database by the monitor's login, the others' by region_peer. A call that is not answered in
// time is no answer; whether it took effect is not known, and every call bears being repeated.
//
// Limit: 3 connections to each region; a connection that hangs is given up after `callMs`.
import { isWorkflowError, type Logger, reasonOf, type TopologyEntry } from '../domain/index.js';
import { Database, DecisionStore, type EpochAnswer, type LogAnswer, type MeshCall, type MeshMember } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';

/** What REGIONS says of a region. */
export interface ListedRegion {
  readonly id: string;
  readonly zone: string;
  /** A login there that is a member of region_peer. */
  readonly database: string;
}

export interface PeersOptions {
  readonly own: DecisionStore;
  readonly region: string;
  readonly regions: readonly ListedRegion[];
  /** Longest wait for a connection, and for an answer. */
  readonly callMs: number;
  readonly logger: Logger;
}

const POOL_SIZE = 3;
const RETELLINGS_MAX = 3;
/** How many epochs back a forced mesh is looked for. */
const FORCED_WITHIN_MAX = 500;
const SILENCE_LOGGED_EVERY_MS = 60_000;

export class Peers {
  private readonly opened = new Map<string, DecisionStore>();
  private readonly silentSinceMs = new Map<string, number>();

  constructor(private readonly options: PeersOptions) {}

  /** The names in REGIONS. */
  get names(): readonly ListedRegion[] {
    return this.options.regions;
  }

  /** Null: nobody knows its address. */
  at({ region, addresses }: Pick<MeshMember, 'region' | 'addresses'>): DecisionStore | null {
    const { own, region: self, regions, callMs, logger } = this.options;
    if (region === self) return own;
    const url = regions.find(({ id }) => id === region)?.database ?? (addresses['database'] as string | undefined);
    if (url === undefined) return null;
    let store = this.opened.get(url);
    if (store === undefined) {
      const database = new Database({
        url,
        poolSize: POOL_SIZE,
        acquireTimeoutMs: callMs,
        queryTimeoutMs: callMs,
        applicationName: `singularity-workflow monitor of ${self}`,
        logger,
      });
      this.opened.set(url, (store = new DecisionStore(database)));
    }
    return store;
  }

  /** What a region answers, null where it does not: refusals are answers to nobody, and are told once a minute. */
  async ask<Answer>(
    member: Pick<MeshMember, 'region' | 'addresses'>,
    question: (store: DecisionStore) => Promise<Answer>,
  ): Promise<Answer | null> {
    const store = this.at(member);
    if (store === null) return null;
    try {
      const answer = await question(store);
      this.silentSinceMs.delete(member.region);
      return answer;
    } catch (error) {
      if (isWorkflowError(error, 'other_mesh')) await this.meetOtherMesh(store).catch(() => undefined);
      const nowMs = performance.now();
      if (nowMs - (this.silentSinceMs.get(member.region) ?? -SILENCE_LOGGED_EVERY_MS) >= SILENCE_LOGGED_EVERY_MS) {
        this.silentSinceMs.set(member.region, nowMs);
        logEvent(this.options.logger, 'region_silent', { region: member.region, reason: reasonOf(error) });
      }
      return null;
    }
  }

  /**
   * Asks about an epoch; whoever of the two is behind is told first, and the question is asked again (D2). With `follow` it is asked about the epoch that is
   * the next one then; a ballot must not: its value was chosen for its epoch. Null where there is no answer, or none that is current.
   */
  async askInEpoch<Answer extends EpochAnswer>(
    member: MeshMember,
    call: MeshCall,
    { epoch, follow }: { epoch: number; follow: boolean },
    question: (store: DecisionStore, epoch: number) => Promise<Answer>,
  ): Promise<Answer | null> {
    let asked = epoch;
    for (let told = 0; told < RETELLINGS_MAX; told += 1) {
      const answer = await this.ask(member, (store) => question(store, asked));
      if (answer === null || answer.status === 'current') return answer;
      if (answer.status === 'behind') {
        if (!(await this.learn(call, answer.entries ?? [])) || !follow) return null;
        asked = answer.last_epoch + 1;
      } else if (!(await this.tell(member, call, answer.last_epoch))) {
        return null;
      }
    }
    return null;
  }

  /** Takes what another region knows into this one's log. False: it could not. */
  async learn(call: MeshCall, entries: readonly TopologyEntry[]): Promise<boolean> {
    const { own } = this.options;
    try {
      const { status } = await own.learn({ ...call, to: call.from }, entries);
      return status === 'current';
    } catch (error) {
      logEvent(this.options.logger, 'topology_not_learned', { reason: reasonOf(error) });
      return false;
    }
  }

  /** Tells a member that is behind. False: it did not learn. */
  async tell(member: MeshMember, call: MeshCall, from: number): Promise<boolean> {
    const { entries } = await this.options.own.log(from);
    const answer = await this.ask(member, (store) => store.learn(call, entries));
    return answer !== null && answer.status === 'current' && answer.last_epoch > from;
  }

  /**
   * One of the two meshes is what the other was before an operator forced a new one (D9): whoever is of the former is told, from the entry on that did so, in
   * the name of its own mesh. Who is lost stands still then; who has decided otherwise meanwhile refuses (`topology_forked`).
   */
  private async meetOtherMesh(store: DecisionStore): Promise<void> {
    const { own } = this.options;
    const [theirs, ours] = await Promise.all([store.log(Number.MAX_SAFE_INTEGER), own.log(Number.MAX_SAFE_INTEGER)]);
    await this.tellOfNewMesh({ log: ours, store: own }, { log: theirs, store });
    await this.tellOfNewMesh({ log: theirs, store }, { log: ours, store: own });
  }

  private async tellOfNewMesh(
    newer: { log: LogAnswer; store: DecisionStore },
    older: { log: LogAnswer; store: DecisionStore },
  ): Promise<void> {
    const meshId = older.log.mesh_id;
    if (meshId === null || newer.log.mesh_id === null) return;
    const { entries } = await newer.store.log(Math.max(0, older.log.last_epoch - FORCED_WITHIN_MAX));
    const forced = entries.find(({ value }) => value.kind === 'takeover' && value.former_mesh_id === meshId);
    if (forced === undefined) return;
    const from = Math.min(older.log.last_epoch + 1, forced.epoch);
    const missing = entries.filter(({ epoch }) => epoch >= from);
    await older.store.learn({ meshId, from: newer.log.member_id, to: older.log.member_id }, missing);
  }

  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map((store) => store.close()));
  }
}
