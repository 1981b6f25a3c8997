// The reconciler of the mesh: brings publications, slots and subscriptions to what the members of the topology and the addresses of REGIONS ask for.
// One round is observe, plan (domain/mesh-plan.ts decides, purely), act. Run by the leading failover-monitor, with its token.
//
// Limit: what it cannot do it says and tries again; a peer that does not answer stops nothing of the others. It never enables a sealed link, and it sets
// no setting of a server but synchronized_standby_slots, where it may: it names those that are wrong.
// Events: mesh_decided and mesh_waiting when the sentence is new, mesh_action_failed, mesh_setting_wrong.
import {
  isWorkflowError,
  type Logger,
  type MeshAction,
  type MeshPlan,
  type PeerAnswer,
  planMesh,
  reasonOf,
  sentenceOfSetting,
  STANDBY_SETTING,
  standbySlots,
  wrongSettings,
} from '../domain/index.js';
import type { TickResult } from '../loop/index.js';
import { type MeshReader, type MeshSide, type MeshStore, type PeerOffer, type LinkPeer, sha256OfAddress } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';
import { MeshHands } from './mesh-hands.js';
import { StandbySetting } from './standby-setting.js';

export interface MeshReconcilerOptions {
  readonly reader: MeshReader;
  readonly store: MeshStore;
  /** Region -> its replication address, this one's own included. */
  readonly addresses: ReadonlyMap<string, string>;
  /** How to reach one; a test may cut it. */
  readonly connect: (url: string) => LinkPeer;
  readonly logger: Logger;
  /** A monotonic clock, in ms. Default that of the process. */
  readonly now?: () => number;
}

export interface MeshDetails {
  /** What does not come by itself, or not yet: peers that are silent, links that are being copied, actions that failed. */
  readonly waiting: readonly string[];
  readonly wrongSettings: readonly string[];
}

interface Observation {
  readonly plan: MeshPlan;
  readonly wrong: readonly string[];
}

const NOT_PREPARED: Observation = {
  plan: {
    actions: [],
    waiting: [
      {
        region: 'here',
        sentence: 'this database is not prepared for links: its administrator must give what they need (ensureReplication)',
      },
    ],
  },
  wrong: [],
};

/** Told once, though its reason or its numbers change from look to look: a peer that is away fails in many ways. */
function topicOf(region: string, sentence: string): string {
  return `${region} ${sentence.replace(/: .*$/, '').replaceAll(/\d[\dA-F/]*/g, '#')}`;
}

export class MeshReconciler {
  private readonly options: MeshReconcilerOptions;
  private readonly peers = new Map<string, LinkPeer>();
  private readonly sha256: ReadonlyMap<string, string>;
  /** What each peer's database said last, and we wrote down. */
  private readonly noted = new Map<string, string>();
  private said = new Set<string>();
  /** Decision -> why it failed the last time. */
  private readonly failed = new Map<string, string>();
  private seen: MeshDetails = { waiting: [], wrongSettings: [] };
  private readonly standbySetting: StandbySetting;

  constructor(options: MeshReconcilerOptions) {
    this.options = options;
    this.standbySetting = new StandbySetting(options.store, options.now ?? (() => performance.now()));
    this.sha256 = new Map([...options.addresses].map(([region, url]) => [region, sha256OfAddress(url)]));
  }

  /** One look, and what follows from it. `more`: something was changed, so there may be more to do. Throws `lease_lost`. */
  async round(token: number): Promise<TickResult> {
    const own = await this.options.reader.ownSide();
    if (own === null) return 'idle';
    const observation = own.prepared ? await this.observe(token, own) : NOT_PREPARED;
    const { plan, wrong } = observation;
    const decidedBefore = this.tell(observation);
    const { standbySetting } = this;
    const hands = new MeshHands({ ...this.options, token, own, standbySetting, peerOf: (region) => this.peerOf(region) });
    const changed = await Promise.all(plan.actions.map((action) => this.act(hands, action)));
    const failing = [...this.failed].map(([sentence, reason]) => `could not ${sentence}: ${reason}`);
    this.seen = { waiting: [...plan.waiting.map(({ sentence }) => sentence), ...failing], wrongSettings: wrong };
    const moved = plan.actions.some(({ sentence }, index) => changed[index] === true && !decidedBefore.has(sentence));
    return moved ? 'more' : 'idle'; // what is decided again changed nothing that is seen: it waits for the next look
  }

  /** What is known since the last round. */
  details(): MeshDetails {
    return this.seen;
  }

  /** Forgets what was told: a standby tells nothing, and a new leader tells all. */
  standBy(): void {
    this.said = new Set();
    this.failed.clear();
    this.noted.clear();
    this.seen = { waiting: [], wrongSettings: [] };
  }

  async close(): Promise<void> {
    await Promise.all([...this.peers.values()].map((peer) => peer.close()));
    this.peers.clear();
  }

  /** Own database first: what was applied of a peer's log is then never ahead of what the peer says of it. */
  private async observe(token: number, own: MeshSide): Promise<Observation> {
    const { reader } = this.options;
    const [links, leftovers, settings] = await Promise.all([reader.links(), reader.leftovers(), reader.settings()]);
    const peers = await Promise.all(
      links.map(async (link) => ({
        link,
        answer: await this.ask(token, own, link),
        addressSha256: this.sha256.get(link.region) ?? null,
      })),
    );
    const { actions, waiting } = planMesh({ own, peers, leftovers });
    const { due, waiting: standbys } = standbySlots(settings.find(({ name }) => name === STANDBY_SETTING)?.setting ?? '', own.standbys);
    const set: MeshAction[] = due !== null && own.maySetStandbySlots ? [{ do: 'set_standby_slots', ...due }] : [];
    const shape = { ...own, standbySlots: due === null || own.maySetStandbySlots ? null : due.slots };
    const waits = [...standbys.map((sentence) => ({ region: own.region, sentence })), ...waiting];
    return { plan: { actions: [...set, ...actions], waiting: waits }, wrong: wrongSettings(settings, shape).map(sentenceOfSetting) };
  }

  private async ask(token: number, own: MeshSide, { memberId, region }: { memberId: string; region: string }): Promise<PeerAnswer> {
    const peer = this.peerOf(region);
    if (peer === null) return { silent: 'has no replication address in REGIONS' };
    let offer: PeerOffer;
    try {
      offer = await peer.offerTo(own.memberId);
    } catch (error) {
      return { silent: `does not answer: ${reasonOf(error)}` };
    }
    if (offer.memberId !== memberId) return { silent: `answers as member ${offer.memberId}, and ${memberId} was expected at its address` };
    if (offer.inRecovery) return { silent: 'answers from a standby: its address must lead to the primary' };
    await this.note(token, memberId, offer.report);
    const { publication, slots, flushed, report } = offer;
    return { offer: { schema: report.schema, publication, slots, flushed } };
  }

  private async note(token: number, memberId: string, report: object): Promise<void> {
    const text = JSON.stringify(report);
    if (this.noted.get(memberId) === text) return;
    await this.options.store.notePeer(token, memberId, report);
    this.noted.set(memberId, text);
  }

  private peerOf(region: string): LinkPeer | null {
    const known = this.peers.get(region);
    if (known !== undefined) return known;
    const url = this.options.addresses.get(region);
    if (url === undefined) return null;
    const peer = this.options.connect(url);
    this.peers.set(region, peer);
    return peer;
  }

  /** True when something is another now. What fails is told and tried again at the next look. */
  private async act(hands: MeshHands, action: MeshAction): Promise<boolean> {
    try {
      const changed = await hands.carryOut(action);
      this.failed.delete(action.sentence);
      return changed;
    } catch (error) {
      if (isWorkflowError(error, 'lease_lost')) throw error;
      const reason = reasonOf(error);
      if (!this.failed.has(action.sentence))
        logEvent(this.options.logger, 'mesh_action_failed', { action: action.do, decision: action.sentence, reason });
      this.failed.set(action.sentence, reason);
      return false;
    }
  }

  /** Logs what is said for the first time; answers what was said at the last look. */
  private tell({ plan, wrong }: Observation): ReadonlySet<string> {
    const { logger } = this.options;
    const before = this.said;
    const now = new Set<string>();
    const once = (topic: string, log: () => void): void => {
      if (!before.has(topic)) log();
      now.add(topic);
    };
    for (const action of plan.actions)
      once(action.sentence, () => logEvent(logger, 'mesh_decided', { action: action.do, decision: action.sentence }));
    for (const { region, sentence } of plan.waiting)
      once(topicOf(region, sentence), () => logEvent(logger, 'mesh_waiting', { region, reason: sentence }));
    for (const sentence of wrong) once(sentence, () => logEvent(logger, 'mesh_setting_wrong', { reason: sentence }));
    this.said = now;
    for (const sentence of this.failed.keys()) if (!now.has(sentence)) this.failed.delete(sentence);
    return before;
  }
}
