// What the failover-monitor decides about orchestrators (active-passive): pure, each decision with the sentence that is logged and recorded. A decision
// needs an observation; where the database does not answer there is none, and so nobody is promoted for want of an answer.
//
// Limit: a standby takes a lease that has ended by itself, by the rules of SQL (why_not_stand). Decided here is what nobody does by itself: to fence a
// leader that renews but is silent, to give the lease back to a primary (FAILBACK), to carry out fences, to end commands that came to nothing.

export const ORCHESTRATOR_LEASE = 'orchestrator:leader';

export interface CommandSeen {
  readonly commandId: string;
  readonly kind: 'stop' | 'promote' | 'fence';
  /** Null: a stop of workers that do not lead. */
  readonly lease: string | null;
  readonly targetGroup: string | null;
  readonly workerId: string | null;
  readonly reason: string;
  /** By the database's clock. */
  readonly overdue: boolean;
  /** Of those that shall stop: how many live still. */
  readonly living: number;
}

export type CommandDecision =
  | { readonly do: 'fence'; readonly commandId: string; readonly lease: string; readonly sentence: string }
  | { readonly do: 'finish'; readonly commandId: string; readonly state: 'done' | 'failed'; readonly sentence: string };

/** What to do about the commands that are open; the orchestrators act on the others. */
export function decideOnCommands(commands: readonly CommandSeen[]): CommandDecision[] {
  return commands.flatMap((command) => decideOnCommand(command) ?? []);
}

function decideOnCommand({ commandId, kind, lease, targetGroup, workerId, reason, overdue, living }: CommandSeen): CommandDecision | null {
  const whom = targetGroup ?? (workerId === null ? 'nobody' : `worker ${workerId}`);
  if (overdue) {
    const missed = {
      stop: `${whom} did not stop in time`,
      promote: `${whom} did not take over in time`,
      fence: 'no monitor did it in time',
    };
    return { do: 'finish', commandId, state: 'failed', sentence: missed[kind] };
  }
  if (kind === 'fence' && lease !== null) return { do: 'fence', commandId, lease, sentence: `an operator asked for it: ${reason}` };
  if (kind === 'stop' && lease === null && living === 0) return { do: 'finish', commandId, state: 'done', sentence: `${whom} has stopped` };
  return null;
}

export interface GroupSeen {
  readonly group: string;
  readonly role: 'primary' | 'standby';
  /** Of its liveliest worker. */
  readonly state: 'active' | 'deprecated' | 'silent' | 'stopped';
  /** Since its latest heartbeat. */
  readonly silentMs: number;
  /** Since its oldest living worker came. */
  readonly livesMs: number;
}

export interface OrchestratorsSeen {
  /** Null: nobody holds it now. */
  readonly leader: { readonly group: string; readonly token: number } | null;
  readonly groups: readonly GroupSeen[];
  /** A hand-over or a fence is under way. */
  readonly commanded: boolean;
  /** Of the last hour. */
  readonly failbacks: number;
}

export interface OrchestratorRules {
  readonly primaryTimeoutMs: number;
  readonly failback: 'manual' | 'automatic';
  readonly failbackAfterMs: number;
}

export type LeaderDecision =
  | { readonly do: 'fence'; readonly token: number; readonly sentence: string }
  | { readonly do: 'fail_back'; readonly group: string; readonly sentence: string }
  | { readonly do: 'wait'; readonly sentence: string };

const wait = (sentence: string): LeaderDecision => ({ do: 'wait', sentence });

/** One decision at most: whatever it changes is looked at again before the next one. */
export function decideOnLeader({ leader, groups, commanded, failbacks }: OrchestratorsSeen, rules: OrchestratorRules): LeaderDecision {
  if (leader === null)
    return wait(groups.length === 0 ? 'there are no orchestrators here' : 'nobody leads: whoever may takes the lease by itself');
  const leading = groups.find(({ group }) => group === leader.group);
  const { primaryTimeoutMs, failback } = rules;
  if (leading !== undefined && leading.silentMs > primaryTimeoutMs) {
    const sentence = `${leader.group} renews its lease, but has sent no heartbeat for ${leading.silentMs} ms (PRIMARY_TIMEOUT_MS is ${primaryTimeoutMs})`;
    return { do: 'fence', token: leader.token, sentence };
  }
  if (commanded) return wait('a command is under way');
  if (leading === undefined || leading.role === 'primary' || failback === 'manual') return wait(`${leader.group} leads`);
  return decideOnFailback(groups, waitOf(rules, failbacks), leader.group);
}

/** A primary that dies again and again is given the lease back ever more rarely: no flapping. */
function waitOf({ failbackAfterMs }: OrchestratorRules, failbacks: number): number {
  return failbackAfterMs * 2 ** Math.min(failbacks, 10);
}

function decideOnFailback(groups: readonly GroupSeen[], afterMs: number, leader: string): LeaderDecision {
  const primaries = groups.filter(({ role, state }) => role === 'primary' && state === 'active');
  const [longest] = primaries.toSorted((a, b) => b.livesMs - a.livesMs);
  if (longest === undefined) return wait(`${leader} leads, and no primary lives`);
  const { group, livesMs } = longest;
  if (livesMs < afterMs) return wait(`${leader} leads; ${group} is back for ${livesMs} ms and gets the lease after ${afterMs} ms`);
  return { do: 'fail_back', group, sentence: `${group} is a primary and has been back for ${livesMs} ms: ${leader} hands over` };
}
