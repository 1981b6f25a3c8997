// How a region comes to belong to a mesh (D1): it founds one with all the regions that REGIONS lists when every one of them answers that it has no log, or
// learns the log of a mesh that names it. Nobody waits for a leader: epoch 1 is the same wherever it is written.
import { type Logger, type TopologyEntry } from '../domain/index.js';
import type { DecisionStore, LogAnswer, RegionStore } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';
import type { Peers } from './peers.js';

export interface FoundingOptions {
  readonly peers: Peers;
  readonly regions: RegionStore;
  readonly region: string;
  readonly logger: Logger;
}

export type FoundingDecision =
  | { readonly do: 'found'; readonly members: readonly { region: string; member_id: string; zone: string }[]; readonly sentence: string }
  | { readonly do: 'join'; readonly region: string; readonly sentence: string }
  | { readonly do: 'wait'; readonly sentence: string };

/** Pure. `answers`: of every listed region, null where it did not answer. */
export function decideOnFounding(
  region: string,
  listed: readonly { id: string; zone: string }[],
  answers: ReadonlyMap<string, LogAnswer | null>,
): FoundingDecision {
  const own = answers.get(region);
  if (own === null || own === undefined) return wait('the own database does not answer');
  const withLog = listed.filter(({ id }) => (answers.get(id)?.last_epoch ?? 0) > 0);
  const naming = withLog.find(({ id }) => namesMember(answers.get(id)!.entries, own.member_id));
  if (naming !== undefined) return { do: 'join', region: naming.id, sentence: `${naming.id} has a log that names this region` };
  if (withLog.length > 0) return wait(`${withLog[0]!.id} has a log that does not name this region: an operator adds it`);
  const silent = listed.filter(({ id }) => answers.get(id) === null || answers.get(id) === undefined).map(({ id }) => id);
  if (silent.length > 0) return wait(`a mesh begins when all regions answer; silent: ${silent.join(', ')}`);
  const filled = listed.filter(({ id }) => answers.get(id)!.filled).map(({ id }) => id);
  if (listed.length > 1 && filled.length > 0) {
    return wait(`${filled.join(', ')} has runs: it founds a mesh alone (REGIONS with itself only), then the others are added`);
  }
  const members = listed.map(({ id, zone }) => ({ region: id, member_id: answers.get(id)!.member_id, zone }));
  return { do: 'found', members, sentence: `none of ${listed.map(({ id }) => id).join(', ')} has a log` };
}

const wait = (sentence: string): FoundingDecision => ({ do: 'wait', sentence });

function namesMember(entries: readonly TopologyEntry[], memberId: string): boolean {
  return entries.some(({ value }) => {
    if (value.kind === 'found') return value.members.some((member) => member.member_id === memberId);
    return value.kind === 'member' && value.member_id === memberId;
  });
}

export class Founding {
  private verdict: string | null = null;

  constructor(private readonly options: FoundingOptions) {}

  /** True: the region belongs to a mesh now. */
  async attempt(token: number): Promise<boolean> {
    const { peers, region, regions } = this.options;
    const answers = new Map<string, LogAnswer | null>();
    await Promise.all(peers.names.map(async ({ id }) => answers.set(id, await peers.ask({ region: id, addresses: {} }, wholeLog))));
    const decision = decideOnFounding(region, peers.names, answers);
    this.tell(decision.sentence);
    if (decision.do === 'wait') return false;
    if (decision.do === 'found') await regions.found(token, region, decision.members);
    else await regions.join(token, region, answers.get(decision.region)!.entries);
    return true;
  }

  private tell(sentence: string): void {
    if (sentence !== this.verdict) logEvent(this.options.logger, 'region_decided', { decision: 'mesh', reason: sentence });
    this.verdict = sentence;
  }
}

/** All entries, a thousand a call. */
async function wholeLog(store: DecisionStore): Promise<LogAnswer> {
  const log = await store.log(0);
  const entries = [...log.entries];
  while (entries.length > 0 && entries.at(-1)!.epoch < log.last_epoch) {
    const next = await store.log(entries.at(-1)!.epoch);
    if (next.entries.length === 0) break;
    entries.push(...next.entries);
  }
  return { ...log, entries };
}
