// Whom a member suspects (D4): pure; the clock is the monitor's monotonic one, counted for each member by itself.
//
// A member is suspected when it has had no sign of a lease for lease + margin: neither a grant from here nor a call that says that it has one. Where it got
// grants from here meanwhile (it calls, and never wins a majority), it is suspected too, but granted to still; when a majority suspects it, it gets no
// more (`withhold`), and from then on the count that a seal checks can run. A count begins anew with the monitor, with its database's server, and when
// the member becomes one; decisions do not reset it.
export interface GrantCount {
  readonly memberId: string;
  /** Grants that it ever got from here. */
  readonly grants: number;
  /** Its calls that said that it has a lease. */
  readonly liveCalls: number;
  /** How long it says that its leases are; null before its first call. */
  readonly leaseMs: number | null;
}

export interface GrantWatch {
  readonly grants: number;
  readonly grantsSinceMs: number;
  readonly liveCalls: number;
  readonly liveSinceMs: number;
  readonly leaseMs: number;
}

export type GrantWatches = ReadonlyMap<string, GrantWatch>;

export interface SuspicionRules {
  readonly leaseMs: number;
  readonly marginMs: number;
}

/** The counts as they are now, each with the moment at which it was first seen so. `members`: all that vote, but this one. */
export function watchGrants(
  former: GrantWatches,
  counts: readonly GrantCount[],
  { members, nowMs, leaseMs }: { members: readonly string[]; nowMs: number; leaseMs: number },
): GrantWatches {
  const byId = new Map(counts.map((count) => [count.memberId, count]));
  return new Map(
    members.map((memberId): [string, GrantWatch] => {
      const seen = byId.get(memberId) ?? { grants: 0, liveCalls: 0, leaseMs: null };
      const before = former.get(memberId);
      return [
        memberId,
        {
          grants: seen.grants,
          grantsSinceMs: before?.grants === seen.grants ? before.grantsSinceMs : nowMs,
          liveCalls: seen.liveCalls,
          liveSinceMs: before?.liveCalls === seen.liveCalls ? before.liveSinceMs : nowMs,
          leaseMs: Math.max(seen.leaseMs ?? 0, leaseMs),
        },
      ];
    }),
  );
}

export interface Suspicion {
  readonly memberId: string;
  readonly grantsSeen: number;
  /** It got grants from here lately. */
  readonly granting: boolean;
}

/** `takeable`: members that hold a group which those who answer could take; a member that nothing can be taken from is not worth a suspicion. */
export function suspicionsOf(
  watches: GrantWatches,
  takeable: ReadonlySet<string>,
  { nowMs, marginMs }: { nowMs: number; marginMs: number },
): Suspicion[] {
  return [...watches].flatMap(([memberId, { grants, grantsSinceMs, liveSinceMs, leaseMs }]) => {
    const patienceMs = leaseMs + marginMs;
    if (!takeable.has(memberId) || nowMs - liveSinceMs < patienceMs) return [];
    return [{ memberId, grantsSeen: grants, granting: nowMs - grantsSinceMs < patienceMs }];
  });
}
