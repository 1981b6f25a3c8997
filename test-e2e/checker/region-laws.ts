// The laws that the history of several regions must keep, whatever happened to regions and links: of the invariants of the design those that can be seen
// from outside. As in laws.ts: what breaks one, as sentences; none knows how it is done.
//
// A history ends when every region is up again, all ways are open, and everything was given time to end.
import { isDeepStrictEqual } from 'node:util';
import type { Acknowledged, PartRow, RunRow } from './history.js';
import { executedInTwoRegions, type RegionNotes } from './homes.js';
import { everythingEnds as ends } from './laws.js';

/**
 * `local`: the region that answered has it on its disk. `requested`: so has it, but the home starts it, or merges it into a run that has its key already.
 * `durable`: it must survive the loss of that region (forwarded, or by a quorum).
 */
export type Promised = 'local' | 'requested' | 'durable';

export interface AcknowledgedRun extends Acknowledged {
  readonly tenant: string;
  readonly promised: Promised;
}

export interface StoredRun extends RunRow {
  readonly tenant: string;
}

/** What one region has in the end. */
export interface Copy {
  readonly region: string;
  readonly runs: readonly StoredRun[];
  readonly parts: readonly PartRow[];
  /** Messages in its queues. */
  readonly messages: number;
  /** Of every replicated table, by group: how many rows and their digest. */
  readonly digests: ReadonlyMap<string, string>;
  /** Values of the log, by epoch. */
  readonly decisions: ReadonlyMap<number, unknown>;
  /** Runs that lost their key to another one: kept, and named with the run that stands. */
  readonly lost: ReadonlyMap<string, string>;
  /** Requests that a home did not start because a run had their key: with that run. */
  readonly merged: ReadonlyMap<string, string>;
}

export interface RegionsHistory {
  readonly acknowledged: readonly AcknowledgedRun[];
  readonly notes: readonly RegionNotes[];
  readonly copies: readonly Copy[];
}

export type RegionLaw = (history: RegionsHistory) => string[];

/** I1, as far as handlers show it: a tenant is executed in one region at a time. */
export const noTenantInTwoRegionsAtOnce: RegionLaw = ({ notes, copies }) => {
  const tenants = new Map(copies.flatMap(({ runs }) => runs.map(({ runId, tenant }) => [runId, tenant])));
  return executedInTwoRegions(notes, (runId) => tenants.get(runId));
};

/**
 * I2 and I7: what was acknowledged stands everywhere. A run of a local promise may have lost its key meanwhile; then a region names it, with one that stands.
 * A request may have been merged into one that stands; then every region says so.
 */
export const nothingAcknowledgedIsGone: RegionLaw = ({ acknowledged, copies }) => {
  const lost = new Map(copies.flatMap((copy) => [...copy.lost]));
  return copies.flatMap(({ region, runs, merged }) => {
    const stored = new Map(runs.map((run) => [run.runId, run]));
    const hasKey = (runId: string | undefined, key: string): boolean => runId !== undefined && stored.get(runId)?.key === key;
    const stands = ({ runId, key, promised }: AcknowledgedRun): boolean =>
      hasKey(runId, key) ||
      (promised !== 'durable' && hasKey(lost.get(runId), key)) ||
      (promised === 'requested' && hasKey(merged.get(runId), key));
    const gone = acknowledged.filter((run) => !stands(run));
    return gone.map(
      ({ runId, key, tenant, promised }) =>
        `run ${runId} of key ${key} of ${tenant} (${promised}) was acknowledged and is gone in ${region}`,
    );
  });
};

/** I3: regions that know a decision know the same. */
export const oneDecisionPerEpoch: RegionLaw = ({ copies }) => {
  const epochs = [...new Set(copies.flatMap(({ decisions }) => [...decisions.keys()]))];
  return epochs.flatMap((epoch) => {
    const known = copies.flatMap(({ decisions }) => (decisions.has(epoch) ? [decisions.get(epoch)] : []));
    return known.every((value) => isDeepStrictEqual(value, known[0])) ? [] : [`epoch ${epoch} was decided in two ways`];
  });
};

/** I4: every replicated table is the same in all regions. */
export const allCopiesAreEqual: RegionLaw = ({ copies }) => {
  const groups = [...new Set(copies.flatMap(({ digests }) => [...digests.keys()]))];
  return groups
    .filter((group) => new Set(copies.map(({ digests }) => digests.get(group))).size > 1)
    .map((group) => `${group}: ${copies.map(({ region, digests }) => `${digests.get(group) ?? 'nothing'} in ${region}`).join(', ')}`);
};

/** I5: in each region a tenant's key names one run. */
export const oneEffectiveRunPerKey: RegionLaw = ({ copies }) =>
  copies.flatMap(({ region, runs }) => {
    const counts = new Map<string, number>();
    for (const { tenant, workflow, key } of runs) {
      if (key === null) continue;
      const name = `${tenant} ${workflow} ${key}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts].filter(([, count]) => count > 1).map(([name, count]) => `${count} runs have the key ${name} in ${region}`);
  });

/** I6, in the end: runs, steps and tasks are final in every region, and no message is left over. */
export const everythingEndsEverywhere: RegionLaw = ({ copies }) =>
  copies.flatMap(({ region, runs, parts, messages }) =>
    ends({ ...NOTHING, runs, parts, messages }).map((sentence) => `${sentence} in ${region}`),
  );

const NOTHING = { acknowledged: [], attempts: [], changes: [], dependencies: [], crashes: [] } as const;
