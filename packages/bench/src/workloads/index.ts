// The workloads in the order in which they run: what burdens the machine for long comes last.
import { chain1, chain3, chain10 } from './chain.js';
import { fanout } from './fanout.js';
import { history } from './history.js';
import { latency, latency3 } from './latency.js';
import { submission } from './submission.js';
import type { Workload } from './workload.js';

export const WORKLOADS: readonly Workload[] = [chain1, chain3, chain10, fanout, latency, latency3, submission, history];
