import type {
  CommandSeen,
  HolderState,
  LeadershipSeen,
  LeaseReader,
  OrchestratorReader,
  OrchestratorsSeen,
  RecordedChange,
  SplitBrainSeen,
  WorkerReader,
} from '@singularity-workflow/core';
import { ORCHESTRATOR_LEASE } from '@singularity-workflow/core';

export interface Observation extends LeadershipSeen {
  readonly workers: readonly { app: string; state: string; workers: number }[];
  /** Of every lease, the worker or group that holds it; null: nobody does. */
  readonly leaders: ReadonlyMap<string, string | null>;
  /** Beliefs of living processes that are not so. */
  readonly splitBrains: readonly SplitBrainSeen[];
  /** Changes of the orchestrators' leader, recorded by SQL since the one that was seen last. */
  readonly changed: readonly RecordedChange[];
  readonly lastChange: number;
}

export interface Watched {
  readonly leases: LeaseReader;
  readonly workers: WorkerReader;
  readonly orchestrators: OrchestratorReader;
}

export interface Known {
  readonly ownGaps: LeadershipSeen['ownGaps'];
  /** The last change of the orchestrators' leader that was seen; null at the first look of a term. */
  readonly lastChange: number | null;
  /** For how long nobody may have been looking before this term: what happened meanwhile is new. */
  readonly blindMs: number;
}

/** Who leads and who is alive, as the database says now. No opinion. */
export async function observe({ leases, workers }: Watched, { ownGaps, lastChange: seenLast, blindMs }: Known): Promise<Observation> {
  const lastChange = seenLast ?? (await leases.newestChange({ lease: ORCHESTRATOR_LEASE, olderThanMs: blindMs }));
  const [all, counts, recordedChanges, splitBrains, changed] = await Promise.all([
    leases.list(),
    workers.countByState(),
    leases.lastLeaderChanges(),
    leases.splitBrains(),
    leases.changesAfter({ lease: ORCHESTRATOR_LEASE, eventId: lastChange }),
  ]);
  const held = all.filter(({ name }) => name !== ORCHESTRATOR_LEASE); // whose changes SQL records itself
  const recorded = new Map(
    recordedChanges.flatMap(({ lease, successor }) => (successor === null || lease === ORCHESTRATOR_LEASE ? [] : [[lease, successor]])),
  );
  const mentioned = await Promise.all([...new Set(recorded.values())].map((workerId) => workers.get(workerId)));
  return {
    leases: held.map((lease) => ({ ...lease, held: !lease.expired })),
    holders: new Map<string, HolderState>([
      ...mentioned.flatMap((worker): [string, HolderState][] => (worker === null ? [] : [[worker.workerId, worker.state]])),
      ...held.flatMap(({ holder, holderState }): [string, HolderState][] => (holderState === null ? [] : [[holder, holderState]])),
    ]),
    recorded,
    ownGaps,
    workers: counts,
    leaders: new Map(all.map(({ name, holder, holderGroup, expired }) => [name, expired ? null : (holderGroup ?? holder)])),
    splitBrains,
    changed,
    lastChange: changed.at(-1)?.eventId ?? lastChange,
  };
}

/** The group that leads, the others, and whether somebody has asked for a change. */
export async function observeOrchestrators({ leases, orchestrators }: Watched): Promise<OrchestratorsSeen> {
  const [held, groups, open, failbacks] = await Promise.all([
    leases.list(),
    orchestrators.groups(),
    orchestrators.openCommands(),
    orchestrators.failbacks(),
  ]);
  const lease = held.find(({ name, expired }) => name === ORCHESTRATOR_LEASE && !expired);
  const leader = lease === undefined || lease.holderGroup === null ? null : { group: lease.holderGroup, token: lease.token };
  return { leader, groups, commanded: open.some((command) => command.lease === ORCHESTRATOR_LEASE), failbacks };
}

export function observeCommands({ orchestrators }: Watched): Promise<CommandSeen[]> {
  return orchestrators.openCommands();
}
