import type { HolderState, LeadershipSeen, LeaseReader, WorkerReader } from '@singularity-workflow/core';

export interface Observation extends LeadershipSeen {
  readonly workers: readonly { app: string; state: string; workers: number }[];
}

export interface Watched {
  readonly leases: LeaseReader;
  readonly workers: WorkerReader;
}

/** Who leads and who is alive, as the database says now. No opinion. `ownGaps`: see LeadershipSeen. */
export async function observe({ leases, workers }: Watched, ownGaps: LeadershipSeen['ownGaps']): Promise<Observation> {
  const [held, counts, changes] = await Promise.all([leases.list(), workers.countByState(), leases.lastLeaderChanges()]);
  const recorded = new Map(changes.flatMap(({ lease, successor }) => (successor === null ? [] : [[lease, successor]])));
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
  };
}
