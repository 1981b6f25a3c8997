import {
  type Config,
  type Database,
  type HomeDutiesOptions,
  type HomeStore,
  type Logger,
  type Metrics,
  regionDuties,
  type RegionDuties,
  type Wakeups,
} from '@singularity-workflow/core';

export const REGIONS = Symbol('Regions');

/** The decision plane of several regions: the region's lease, and what the mesh decides. Null without REGIONS. */
export function regionsOf(
  config: Config,
  database: Database,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
): RegionDuties | null {
  const { region, regions, regionHeartbeatMs, regionLeaseMs, regionLeaseMarginMs, memberRetireAfterMs, moveDrainMs, regionFailback } =
    config;
  if (regions === null) return null;
  return regionDuties({
    database,
    region,
    regions,
    heartbeatMs: regionHeartbeatMs,
    leaseMs: regionLeaseMs,
    marginMs: regionLeaseMarginMs,
    retireAfterMs: memberRetireAfterMs,
    drainMs: moveDrainMs,
    rebalances: config.regionRebalance === 'automatic',
    failbackAfterMs: regionFailback === 'automatic' ? config.failbackAfterMs : null,
    logger,
    told: {
      leaseLost: () => metrics.regionLeaseLost.inc(),
      decided: (kind, tookMs) => {
        metrics.regionDecisions.inc({ kind });
        metrics.regionDecisionSeconds.observe({ kind }, tookMs / 1_000);
      },
    },
  });
}

export interface HomeParts {
  readonly homes: HomeStore;
  readonly wakeups: Wakeups;
  readonly logger: Logger;
}

/** What the duties for the groups that are at home here need. */
export function homesOf({ maxLagBytes }: Config, { belief }: RegionDuties, { homes, wakeups, logger }: HomeParts): HomeDutiesOptions {
  const notify = (queues: readonly string[]): void => wakeups.notify(queues);
  const listen = (woken: readonly string[], onWake: () => void): void => void wakeups.listen(woken, onWake);
  return { homes, logger, notify, listen, belief, maxLagBytes };
}
