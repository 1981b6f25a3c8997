// What a region wishes for the members (D7): the step that is due, once every home stands behind the barrier of the one before. Steps that nobody asked for
// are proposed by the first of the regions that answer, those that an operator asked for by the region whose command it is.
//
// Limit: one step at a time, one epoch each. What the homes have to confirm is asked anew for each member epoch; a monitor that starts anew asks again.
import {
  type Asked,
  type BarrierSeen,
  majorityOf,
  type MemberSeen,
  nextStep,
  type Step,
  turnOf,
  voters,
  whyNotStep,
  type Wish,
} from '../domain/index.js';
import type { Peers } from './peers.js';
import type { Observed, WishSource } from './proposer.js';

export interface MemberWishesOptions {
  readonly peers: Peers;
  readonly retireAfterMs: number;
  /** Region -> what an operator asked for, of commands that are open here. */
  readonly asked: () => ReadonlyMap<string, Asked>;
  /** Region -> who asked that, as the subject of a sentence. */
  readonly askers?: () => ReadonlyMap<string, string>;
  readonly now: () => number;
}

type Looked = Omit<Observed, 'wish' | 'waitingMs'>;

export class MemberWishes implements WishSource {
  private readonly answeredAtMs = new Map<string, number>();
  private memberEpoch = 0;
  private readonly positions = new Map<string, string>();
  /** Why the step that is due waits; null: none is due. */
  verdict: string | null = null;

  constructor(private readonly options: MemberWishesOptions) {}

  async wish(_token: number, seen: Looked): Promise<Wish | null> {
    const asked = this.options.asked();
    const members = this.look(seen);
    const mine = turnOf(seen) === 0 ? members : members.filter(({ region }) => asked.has(region));
    const step = nextStep(mine, seen, { asked, askers: this.options.askers?.(), retireAfterMs: this.options.retireAfterMs });
    if (step === null) {
      this.verdict = null;
      return null;
    }
    this.verdict = await this.whyNot(step, seen);
    return this.verdict === null ? this.wishOf(step, seen) : null;
  }

  private look({ members, votes, self }: Looked): MemberSeen[] {
    const nowMs = this.options.now();
    return members.map((member) => {
      const { memberId } = member;
      if (votes.has(memberId) || !this.answeredAtMs.has(memberId)) this.answeredAtMs.set(memberId, nowMs);
      const silentMs = memberId === self ? 0 : nowMs - this.answeredAtMs.get(memberId)!;
      return { ...member, copied: votes.get(memberId)?.copied ?? null, silentMs };
    });
  }

  /** Why the homes do not stand behind the barrier of the last step yet; null: they do. */
  async whyNot(step: Step, seen: Looked): Promise<string | null> {
    const { mesh, members, votes } = seen;
    if (mesh.memberEpoch !== this.memberEpoch) this.positions.clear();
    this.memberEpoch = mesh.memberEpoch;
    const answers = new Map<string, BarrierSeen>();
    await Promise.all(
      members.map(async (member) => {
        const call = { meshId: mesh.meshId, from: mesh.memberId, to: member.memberId };
        const position = this.positions.get(member.memberId) ?? null;
        const answer = await this.options.peers.ask(member, (store) => store.barrier(call, { epoch: mesh.memberEpoch, position }));
        if (answer === null) return;
        // A position counts from when the home knew of the step: what it writes after that has the new number of members to wait for.
        if (answer.knows && answer.lease_is_newer && answer.position !== null) this.positions.set(member.memberId, answer.position);
        answers.set(member.memberId, {
          knows: answer.knows,
          leaseIsNewer: answer.lease_is_newer,
          marked: answer.marked,
          confirmed: answer.confirmed,
        });
      }),
    );
    const needed = majorityOf(voters(members).length);
    const sealers = (memberId: string): number => [...votes.values()].filter(({ sealed }) => sealed.includes(memberId)).length;
    const sealed = new Set(members.map(({ memberId }) => memberId).filter((memberId) => sealers(memberId) >= needed));
    return whyNotStep(step, seen, { answers, sealed });
  }

  private wishOf({ member, state, sentence }: Step, { mesh, members }: Looked): Wish {
    const { memberId, region, zone } = member;
    const addresses = members.find((one) => one.memberId === memberId)?.addresses ?? {};
    return {
      value: { version: 1, kind: 'member', region, member_id: memberId, zone, addresses, state, behind: mesh.memberEpoch, why: sentence },
      sentence,
    };
  }
}
