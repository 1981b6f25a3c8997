// Which leases changed hands between two looks at them, and why. The monitor's decisions: pure, each with the sentence that is logged and recorded.
// Whether a leader is dead is not decided here or anywhere in TypeScript: a lease ends by the database's clock.

/** A lease as one observation saw it. */
export interface LeaseSeen {
  readonly name: string;
  /** A worker; of orchestrators their group. */
  readonly holder: string;
  readonly token: number;
  readonly acquiredAt: Date;
  readonly expiresAt: Date;
  /** By the database's clock at the observation. */
  readonly held: boolean;
  /** The command that brought about this term; null: none did. */
  readonly command?: 'stop' | 'promote' | 'fence' | null;
  /** How long nobody held it before, where the lease itself knows. */
  readonly withoutMs?: number | null;
}

export type HolderState = 'active' | 'deprecated' | 'silent' | 'stopped';

export interface LeadershipSeen {
  readonly leases: readonly LeaseSeen[];
  /** States of the workers that hold or held a lease; one that is not in it was removed. */
  readonly holders: ReadonlyMap<string, HolderState>;
  /** Lease -> who leads it according to the newest recorded change: what survives a change of the monitor. */
  readonly recorded: ReadonlyMap<string, string>;
  /** Lease -> how long nobody held it, in ms, as the observer was told when it took the lease itself: nobody else knows it as well. */
  readonly ownGaps: ReadonlyMap<string, number | null>;
}

/**
 * Why the former leader is one no more. `first`: there was none. `left`: it stopped in order. `promoted`, `fenced`: an operator asked for it. `silent`: it
 * died. `expired`: it lives, but did not renew in time or was fenced.
 */
export type LeaderChangeCause = 'first' | 'left' | 'promoted' | 'fenced' | 'silent' | 'expired';

export interface LeaderChange {
  readonly lease: string;
  readonly former: string | null;
  readonly successor: string;
  readonly token: number;
  /** How long nobody led; null where nobody watched. Too long by at most the time between two observations, since the former may have renewed unseen. */
  readonly withoutMs: number | null;
  readonly cause: LeaderChangeCause;
  readonly sentence: string;
}

/** `before`: what this monitor saw last; null at its first look. */
export function leaderChanges(before: LeadershipSeen | null, now: LeadershipSeen): LeaderChange[] {
  return now.leases
    .filter((lease) => lease.held)
    .flatMap(
      (lease) =>
        changeOf(
          lease,
          before?.leases.find(({ name }) => name === lease.name),
          now,
        ) ?? [],
    );
}

function changeOf(lease: LeaseSeen, last: LeaseSeen | undefined, now: LeadershipSeen): LeaderChange | null {
  const former = last?.holder ?? now.recorded.get(lease.name) ?? null;
  const sameTerm = last === undefined ? former === lease.holder : last.token === lease.token;
  const recordedAlready = former !== lease.holder && now.recorded.get(lease.name) === lease.holder;
  if (sameTerm || recordedAlready) return null;
  const cause = causeOf(former, lease, now.holders);
  const watchedMs = last === undefined ? null : Math.max(0, lease.acquiredAt.getTime() - last.expiresAt.getTime());
  const withoutMs = now.ownGaps.get(lease.name) ?? lease.withoutMs ?? watchedMs;
  const change = { lease: lease.name, former, successor: lease.holder, token: lease.token, withoutMs, cause };
  return { ...change, sentence: sentenceOf(change) };
}

const CAUSE_OF_COMMAND = { stop: 'left', promote: 'promoted', fence: 'fenced' } as const;

function causeOf(former: string | null, { command = null }: LeaseSeen, holders: LeadershipSeen['holders']): LeaderChangeCause {
  if (former === null) return 'first';
  if (command !== null) return CAUSE_OF_COMMAND[command];
  const state = holders.get(former);
  if (state === 'stopped' || state === 'deprecated') return 'left';
  return state === 'active' ? 'expired' : 'silent';
}

const WHY: Readonly<Record<LeaderChangeCause, (former: string) => string>> = {
  first: () => 'nobody led before',
  left: (former) => `${former} stopped`,
  promoted: (former) => `${former} was asked to hand over`,
  fenced: (former) => `${former} was fenced by an operator`,
  silent: (former) => `${former} fell silent`,
  expired: (former) => `${former} lives, but did not renew in time or was fenced`,
};

function sentenceOf({ lease, former, successor, token, withoutMs, cause }: Omit<LeaderChange, 'sentence'>): string {
  const gap = withoutMs === null ? '' : ` after ${withoutMs} ms without a leader`;
  return `${lease}: ${WHY[cause](former ?? '')}; ${successor} leads with token ${token}${gap}`;
}
