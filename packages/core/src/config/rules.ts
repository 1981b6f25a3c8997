// Rules over more than one variable: what each by itself cannot know.
import type { Config } from './variables.js';

export interface CrossRule {
  readonly name: string;
  readonly rule: string;
  readonly holds: (config: Config) => boolean;
}

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
    name: 'BATCH_BODY_BYTES_MAX',
    rule: 'at least BODY_BYTES_MAX',
    holds: (c) => c.batchBodyBytesMax >= c.bodyBytesMax,
  },
];
