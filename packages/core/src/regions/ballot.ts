// Decides the next epoch among the members' databases (D2): single-decree Paxos, once per epoch. Two rounds of calls to all that vote; with promises of a
// majority the value is chosen (domain/region-choice.ts), with acceptances of a majority it is decided and told to everybody.
//
// Limit: one ballot; who is outbid comes again at the next look, with a higher number. What was proposed may be decided although this says otherwise:
// whoever proposes after that finds it accepted, and finishes it.
import {
  acceptedValue,
  chooseValue,
  majorityOf,
  type Promised,
  type TopologyEntry,
  type TopologySeen,
  type TopologyValue,
  voters,
} from '../domain/index.js';
import type { MeshMember, PrepareAnswer, RegionStore } from '../store/index.js';
import type { Peers } from './peers.js';
import { whenHeard } from './when-enough.js';

export interface BallotOptions {
  readonly peers: Peers;
  readonly regions: RegionStore;
  /** Told of what was decided here, and how long it took from the first ballot of its epoch on. */
  readonly decided?: ((kind: TopologyValue['kind'], tookMs: number) => void) | undefined;
  /** A monotonic clock, in ms. */
  readonly now?: () => number;
}

export interface Proposal {
  readonly token: number;
  readonly meshId: string;
  readonly self: string;
  readonly epoch: number;
  readonly members: readonly MeshMember[];
  readonly placement: TopologySeen['placement'];
  /** Members that this region suspects: they may answer, and are hardly waited for. */
  readonly suspected?: ReadonlySet<string>;
  /** What this region wants, where neither an accepted value nor a seal stands before it. */
  readonly wanted: TopologyValue | null;
  /** Instead of the choice of D6: for what an operator forces (D9). `needed`: promises and acceptances that are enough. */
  readonly forced?: { readonly needed: number; readonly choose: (promises: readonly Promised[]) => TopologyValue | null };
}

export type BallotResult =
  | { readonly decided: true; readonly value: TopologyValue; readonly promises: number; readonly acceptances: number }
  | { readonly decided: false; readonly sentence: string };

/** One ballot's two rounds of calls: who is asked, and how many of them are enough. */
interface Round {
  readonly voting: readonly MeshMember[];
  readonly ballot: number;
  readonly needed: number;
}

/** So long a round waits for all answers; from then on for those of a majority only. And so long for those of members that are suspected. */
const ANSWERS_MS = 1_000;
const SUSPECT_ANSWERS_MS = 250;

export class Ballots {
  private above = 0;
  private begun = { epoch: 0, atMs: 0 };

  constructor(private readonly options: BallotOptions) {}

  async decide(proposal: Proposal): Promise<BallotResult> {
    const { token, epoch, members } = proposal;
    const { now = () => performance.now() } = this.options;
    if (this.begun.epoch !== epoch) this.begun = { epoch, atMs: now() };
    const voting = members.filter((member) => voters([member]).length > 0);
    const needed = proposal.forced?.needed ?? majorityOf(voting.length);
    const ballot = await this.options.regions.nextBallot(token, epoch, this.above);

    const round = { voting, ballot, needed };
    const prepared = await this.prepare(proposal, round);
    const promises = prepared.filter(({ promised }) => promised === ballot);
    if (promises.length < needed) return this.outbid(prepared, `${promises.length} of ${voting.length} promised, ${needed} are needed`);

    const value = this.choose(proposal, promises.map(promiseOf));
    if (value === null) return { decided: false, sentence: 'there is nothing to decide' };

    const answers = await this.accept(proposal, round, value);
    const acceptances = answers.filter(({ promised }) => promised === ballot).length;
    if (acceptances < needed) return this.outbid(answers, `${acceptances} of ${voting.length} accepted, ${needed} are needed`);

    this.options.decided?.(value.kind, now() - this.begun.atMs);
    await this.tell(proposal, { epoch, value, decided_at: new Date().toISOString() });
    return { decided: true, value, promises: promises.length, acceptances };
  }

  private choose({ members, placement, wanted, forced }: Proposal, promises: readonly Promised[]): TopologyValue | null {
    if (forced === undefined) return chooseValue(promises, { members, placement }, wanted);
    return acceptedValue(promises) ?? forced.choose(promises);
  }

  private async prepare(proposal: Proposal, round: Round): Promise<PrepareAnswer[]> {
    const { epoch } = proposal;
    const { ballot } = round;
    return this.askAll(proposal, round, (member) => {
      const call = callTo(proposal, member);
      return this.options.peers.askInEpoch(member, call, { epoch, follow: false }, (store, asked) =>
        store.prepare(call, { epoch: asked, ballot }),
      );
    });
  }

  private async accept(proposal: Proposal, round: Round, value: TopologyValue) {
    const { epoch } = proposal;
    const { ballot } = round;
    return this.askAll(proposal, round, (member) => {
      const call = callTo(proposal, member);
      return this.options.peers.askInEpoch(member, call, { epoch, follow: false }, (store, asked) =>
        store.accept(call, { epoch: asked, ballot, value }),
      );
    });
  }

  /** Answers that are about this epoch: who has learned it meanwhile answers about the next one. */
  private async askAll<Answer extends { last_epoch: number; promised: number }>(
    { epoch, suspected }: Proposal,
    { voting, ballot, needed }: Round,
    ask: (member: MeshMember) => Promise<Answer | null>,
  ): Promise<Answer[]> {
    const answers: Answer[] = [];
    const missing = new Set(voting.map(({ memberId }) => memberId));
    const asking = voting.map(async (member) => {
      const answer = await ask(member);
      missing.delete(member.memberId);
      if (answer !== null && answer.last_epoch === epoch - 1) answers.push(answer);
    });
    await whenHeard(asking, {
      lateMs: ANSWERS_MS,
      enough: () => answers.filter(({ promised }) => promised === ballot).length >= needed,
      silentMs: SUSPECT_ANSWERS_MS,
      heard: () => [...missing].every((memberId) => suspected?.has(memberId)),
    });
    return [...answers];
  }

  private outbid(answers: readonly { promised: number }[], sentence: string): BallotResult {
    this.above = Math.max(this.above, ...answers.map(({ promised }) => promised));
    return { decided: false, sentence };
  }

  /** This database first: what it knows it can tell. */
  private async tell(proposal: Proposal, entry: TopologyEntry): Promise<void> {
    const { peers } = this.options;
    await peers.learn({ meshId: proposal.meshId, from: proposal.self, to: proposal.self }, [entry]);
    const others = proposal.members.filter(({ memberId }) => memberId !== proposal.self);
    await Promise.all(others.map((member) => peers.ask(member, (store) => store.learn(callTo(proposal, member), [entry]))));
  }
}

function callTo({ meshId, self }: Proposal, { memberId }: MeshMember): { meshId: string; from: string; to: string } {
  return { meshId, from: self, to: memberId };
}

function promiseOf({ member_id, accepted_ballot, accepted_value, seals, silent_ms: silentMs = {} }: PrepareAnswer): Promised {
  return { memberId: member_id, acceptedBallot: accepted_ballot, acceptedValue: accepted_value, seals, silentMs };
}
