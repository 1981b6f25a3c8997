// How long tenants wait when their groups move from one region to another.
import type { AttemptNote } from './attempts.js';

export interface Start {
  readonly tenant: string;
  readonly region: string;
  /** See moment.ts. */
  readonly at: number;
}

/** The starts that a region has noted, of these runs. */
export function startsOf(region: string, notes: readonly AttemptNote[], runs: readonly { runId: string; tenant: string }[]): Start[] {
  const tenantOf = new Map(runs.map(({ runId, tenant }) => [runId, tenant]));
  return notes.flatMap(({ kind, runId, at }) => {
    const tenant = kind === 'start' ? tenantOf.get(runId) : undefined;
    return tenant === undefined ? [] : [{ tenant, region, at }];
  });
}

/**
 * Tenant -> ms from the last start in the region where it was at home until the first one elsewhere that follows it, after `from`. Who had nothing to do since
 * is not among them.
 */
export function gapsOf(starts: readonly Start[], homes: ReadonlyMap<string, string>, from: number): Map<string, number> {
  const gaps = new Map<string, number>();
  for (const [tenant, home] of homes) {
    const own = starts.filter((start) => start.tenant === tenant).toSorted((a, b) => a.at - b.at);
    const first = own.find(({ region, at }) => at > from && region !== home);
    const last = own.findLast(({ region, at }) => region === home && (first === undefined || at < first.at));
    if (first !== undefined && last !== undefined) gaps.set(tenant, first.at - last.at);
  }
  return gaps;
}

/** How long these tenants paused between two starts at home before `until`: what a gap has to be held against. */
export function pausesOf(starts: readonly Start[], homes: ReadonlyMap<string, string>, until: number): number[] {
  return [...homes].flatMap(([tenant, home]) => {
    const own = starts
      .filter((start) => start.tenant === tenant && start.region === home && start.at < until)
      .toSorted((a, b) => a.at - b.at);
    return own.slice(1).map(({ at }, before) => at - own[before]!.at);
  });
}
