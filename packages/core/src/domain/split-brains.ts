// Two that believe they hold one lease, or one that believes in an old token: seen, told once, and told again only after it was over. The fence has made
// it harmless already; that it happens at all says that something is wrong. Pure: time is an argument.

export interface SplitBrainSeen {
  readonly lease: string;
  /** The true token. */
  readonly token: number;
  readonly workerId: string;
  readonly believed: number;
}

/** What is known of it by now: for each belief, since when it has been seen without a break, and whether it was told. */
export type SplitBrainWatch = ReadonlyMap<string, { readonly sinceMs: number; readonly told: boolean }>;

export interface SplitBrainFound {
  readonly lease: string;
  readonly workerId: string;
  readonly sentence: string;
}

const keyOf = ({ lease, workerId, believed }: SplitBrainSeen): string => `${lease} ${workerId} ${believed}`;

/**
 * `lastingMs`: a belief that ends sooner is not told. After a fence every former leader believes for a moment what is no longer so.
 * `leaders`: who truly holds each lease.
 */
export function judgeSplitBrains(
  before: SplitBrainWatch,
  seen: readonly SplitBrainSeen[],
  { nowMs, lastingMs, leaders }: { nowMs: number; lastingMs: number; leaders: ReadonlyMap<string, string | null> },
): { watch: SplitBrainWatch; found: SplitBrainFound[] } {
  const watch = new Map<string, { sinceMs: number; told: boolean }>();
  const found: SplitBrainFound[] = [];
  for (const belief of seen) {
    const { sinceMs, told } = before.get(keyOf(belief)) ?? { sinceMs: nowMs, told: false };
    const lasts = nowMs - sinceMs >= lastingMs;
    watch.set(keyOf(belief), { sinceMs, told: told || lasts });
    if (lasts && !told)
      found.push({ lease: belief.lease, workerId: belief.workerId, sentence: sentenceOf(belief, leaders.get(belief.lease)) });
  }
  return { watch, found };
}

function sentenceOf({ lease, token, workerId, believed }: SplitBrainSeen, leader: string | null = null): string {
  const truth = leader === null ? `its token is ${token}` : `${leader} holds it with token ${token}`;
  return `worker ${workerId} believes that it leads ${lease} with token ${believed}; ${truth}`;
}
