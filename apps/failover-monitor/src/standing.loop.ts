import { type Config, type Database, type Duty, type Metrics, StandingReader } from '@singularity-workflow/core';

const EVERY_MS = 1_000;

/** How this region stands in the mesh, as metrics: shown by the leader, taken away when it leads no more. None without REGIONS. */
export function showStanding({ region, regions }: Config, database: Database, metrics: Metrics): Duty[] {
  if (regions === null) return [];
  const reader = new StandingReader(database);
  return [
    {
      name: 'standing',
      intervalMs: EVERY_MS,
      async tick() {
        const seen = await reader.standing();
        hide(metrics);
        if (seen === null) return 'idle';
        metrics.regionLeaseLeftSeconds.set({ region }, (seen.leaseLeftMs ?? 0) / 1_000);
        metrics.regionEpoch.set({ region }, seen.epoch);
        for (const [state, count] of Object.entries(seen.members)) metrics.regionMembers.set({ state }, count);
        for (const peer of seen.suspected) metrics.regionSuspected.set({ peer }, 1);
        for (const peer of seen.sealed) metrics.regionSealed.set({ peer }, 1);
        metrics.regionGroups.set({ region }, seen.groups);
        metrics.regionGroupsToAdopt.set({ region }, seen.groupsToAdopt);
        metrics.regionRunsToAdopt.set({ region }, seen.runsToAdopt);
        return 'idle';
      },
      standBy: () => hide(metrics),
    },
  ];
}

function hide(metrics: Metrics): void {
  const ofMembers = [metrics.regionEpoch, metrics.regionMembers, metrics.regionSuspected, metrics.regionSealed];
  const ofGroups = [metrics.regionGroups, metrics.regionGroupsToAdopt, metrics.regionRunsToAdopt];
  for (const gauge of [metrics.regionLeaseLeftSeconds, ...ofMembers, ...ofGroups]) gauge.reset();
}
