// kill -9 of the scheduler and the failover-monitor that lead, each with a standby. Default settings: a lease lasts 10 s.
import { waitFor } from '@singularity-workflow/testkit';
import { LeaseStore } from '@singularity-workflow/core';
import { outputOf, runsOf, say, submit } from '../harness/load.js';
import { moment } from '../harness/moment.js';
import { inRegion, type Region } from '../harness/region.js';
import type { Service } from '../harness/service.js';
import { kill } from '../nemesis/kill.js';
