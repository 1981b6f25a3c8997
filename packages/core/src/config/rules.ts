// Rules over more than one variable: what each by itself cannot know.
import type { Config } from './variables.js';

export interface CrossRule {
  readonly name: string;
  readonly rule: string;
  readonly holds: (config: Config) => boolean;
}

/** This process belongs to a secondary: a router that reads from a replica and forwards the rest to the primary. */
export function isSecondary({ topology, canExecuteWorkflows }: Pick<Config, 'topology' | 'canExecuteWorkflows'>): boolean {
  return topology === 'primary-secondary' && !canExecuteWorkflows;
}

const SECONDARY = 'a secondary (TOPOLOGY=primary-secondary and CAN_EXECUTE_WORKFLOWS=false)';

const PRIMARY_AND_SECONDARY: readonly CrossRule[] = [
  {
    name: 'CAN_EXECUTE_WORKFLOWS',
    rule: 'true, but in a secondary (TOPOLOGY=primary-secondary)',
    holds: (c) => c.canExecuteWorkflows || c.topology === 'primary-secondary',
  },
  {
    name: 'CAN_EXECUTE_WORKFLOWS',
    rule: 'true for every service but a router: a secondary has only routers, its schedulers, executors and monitors are those of the primary',
    holds: (c) => c.app === 'router' || !isSecondary(c),
  },
  {
    name: 'DATABASE_URL',
    rule: `left out in ${SECONDARY}: nothing is written there`,
    holds: (c) => !isSecondary(c) || c.databaseUrl === null,
  },
  {
    name: 'DATABASE_ADMIN_URL',
    rule: `left out in ${SECONDARY}: its schema comes from the primary`,
    holds: (c) => !isSecondary(c) || c.databaseAdminUrl === null,
  },
  {
    name: 'DATABASE_READ_URL',
    rule: `set in ${SECONDARY}: the address of its replica`,
    holds: (c) => c.app !== 'router' || !isSecondary(c) || c.databaseReadUrl !== null,
  },
  {
    name: 'PRIMARY_REGION_URL',
    rule: `set in ${SECONDARY}, and nowhere else`,
    holds: (c) => c.app !== 'router' || isSecondary(c) === (c.primaryRegionUrl !== null),
  },
];

/** Rules over more than one variable; checked when each by itself is right. */
export const CROSS_RULES: readonly CrossRule[] = [
  {
    name: 'HEARTBEAT_TIMEOUT_MS',
    rule: 'at least twice HEARTBEAT_INTERVAL_MS, or one late heartbeat is a death',
    holds: (c) => c.heartbeatTimeoutMs >= 2 * c.heartbeatIntervalMs,
  },
  {
    name: 'VISIBILITY_TIMEOUT_MS',
    rule: 'at least HEARTBEAT_TIMEOUT_MS, or what a worker was given a moment ago is taken for lost',
    holds: (c) => c.app !== 'executor' || c.visibilityTimeoutMs >= c.heartbeatTimeoutMs,
  },
  {
    name: 'ORCHESTRATOR_ROLE',
    rule: 'set where TOPOLOGY is active-passive, and nowhere else',
    holds: (c) => c.app !== 'executor' || (c.topology === 'active-passive') === (c.orchestratorRole !== null),
  },
  {
    name: 'ORCHESTRATOR_GROUP',
    rule: 'set only where TOPOLOGY is active-passive',
    holds: (c) => c.app !== 'executor' || c.topology === 'active-passive' || c.orchestratorGroup === null,
  },
  {
    name: 'PRIMARY_TIMEOUT_MS',
    rule: 'at least HEARTBEAT_TIMEOUT_MS and PRIMARY_HEARTBEAT_CHECK_INTERVAL_MS, or a leader is fenced for one late heartbeat',
    holds: (c) => c.app !== 'failover-monitor' || c.primaryTimeoutMs >= Math.max(c.heartbeatTimeoutMs, c.primaryHeartbeatCheckIntervalMs),
  },
  {
    name: 'REGIONS',
    rule: 'a list that names this REGION',
    holds: (c) => c.regions === null || c.regions.some(({ id }) => id === c.region),
  },
  {
    name: 'REGION_SECRET',
    rule: 'set where REGIONS names routers of other regions',
    holds: (c) =>
      c.app !== 'router' || c.regionSecret !== null || !(c.regions ?? []).some(({ id, routers }) => id !== c.region && routers.length > 0),
  },
  {
    name: 'REGION_LEASE_MS',
    rule: 'at least three times REGION_HEARTBEAT_MS, or one late round is a loss of the lease',
    holds: (c) => c.app !== 'failover-monitor' || c.regions === null || c.regionLeaseMs >= 3 * c.regionHeartbeatMs,
  },
  {
    name: 'LEASE_TTL_MS',
    rule: 'at most REGION_LEASE_MS where REGIONS is set, or a monitor that dies costs its region the groups that it holds',
    holds: (c) => c.app !== 'failover-monitor' || c.regions === null || c.leaseTtlMs <= c.regionLeaseMs,
  },
  {
    name: 'REGION_LEASE_MARGIN_MS',
    rule: 'at least a tenth of REGION_LEASE_MS, or clocks that differ in speed have two regions execute at once',
    holds: (c) => c.app !== 'failover-monitor' || c.regions === null || c.regionLeaseMarginMs >= c.regionLeaseMs / 10,
  },
  {
    name: 'BATCH_BODY_BYTES_MAX',
    rule: 'at least BODY_BYTES_MAX',
    holds: (c) => c.batchBodyBytesMax >= c.bodyBytesMax,
  },
  ...PRIMARY_AND_SECONDARY,
];
