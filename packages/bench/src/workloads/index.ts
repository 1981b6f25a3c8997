// The workloads in the order in which they run: what matters least comes last, should the time run out.
import { chain1, chain3, chain10 } from './chain.js';
import { fanout } from './fanout.js';
import { history } from './history.js';
import { latency, latency3 } from './latency.js';
import { regionsCheck } from './regions-check.js';
import { regionsDecisions } from './regions-decisions.js';
import { regionsSubmission } from './regions-submission.js';
import { regionsThroughput } from './regions-throughput.js';
import { scalingDatabase } from './scaling-database.js';
import { scalingExecutors } from './scaling-executors.js';
import { scalingRouters } from './scaling-routers.js';
import { submission } from './submission.js';
import type { Workload } from './workload.js';

export const WORKLOADS: readonly Workload[] = [
  chain1,
  chain3,
  chain10,
  latency,
  latency3,
  history,
  fanout,
  submission,
  scalingExecutors,
  scalingRouters,
  scalingDatabase,
  regionsThroughput,
  regionsSubmission,
  regionsDecisions,
  regionsCheck,
];
