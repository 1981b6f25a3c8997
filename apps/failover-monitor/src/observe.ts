import type { EventReader, HolderState, LeadershipSeen, LeaseReader, WorkerReader } from '@singularity-workflow/core';

export interface Observation extends LeadershipSeen {
  readonly workers: readonly { app: string; state: string; workers: number }[];
}

export interface Watched {
  readonly leases: LeaseReader;
  readonly workers: WorkerReader;
  readonly events: EventReader;
}

/** Who leads and who is alive, as the database says now. No opinion. */
export async function observe({ leases, workers, events }: Watched, ownGaps: ReadonlyMap<string, number | null>): Promise<Observation> {
  const [held, counts, recorded] = await Promise.all([leases.list(), workers.countByState(), events.lastLeaderChanges()]);
  const mentioned = new Set([...held.map(({ holder }) => holder), ...recorded.flatMap(({ successor }) => successor ?? [])]);
  const known = await Promise.all([...mentioned].map((workerId) => workers.get(workerId)));
  return {
    leases: held,
    holders: new Map(known.flatMap((worker) => (worker === null ? [] : [[worker.workerId, worker.state as HolderState]]))),
    recorded: new Map(recorded.flatMap(({ lease, successor }) => (successor === null ? [] : [[lease, successor]]))),
    ownGaps,
    workers: counts,
  };
}
