// All faults, in the order in which they are tried.
import { commitAnswerLost } from './commit-answer-lost.js';
import { patroniKilled, postgresKilled, primaryKilled } from './database-failover.js';
import { drainUnderLoad } from './drain-under-load.js';
import { executorKilled } from './executor-killed.js';
import { executorPaused } from './executor-paused.js';
import { leaderPaused, monitorLeaderKilled, orchestratorLeaderKilled, schedulerLeaderKilled } from './leaders.js';
import { postgresRestarted } from './postgres-restarted.js';
import type { Scenario } from './scenario.js';
import { twoVersions } from './two-versions.js';

export const SCENARIOS: readonly Scenario[] = [
  executorKilled,
  executorPaused,
  schedulerLeaderKilled,
  monitorLeaderKilled,
  orchestratorLeaderKilled,
  leaderPaused,
  postgresRestarted,
  commitAnswerLost,
  drainUnderLoad,
  twoVersions,
  primaryKilled,
  patroniKilled,
  postgresKilled,
];
