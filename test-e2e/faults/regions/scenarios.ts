// All faults of several regions, in the order in which they are tried.
import type { Staged } from '../scenario.js';
import { evacuationByPolling, evacuationUnderLoad } from './evacuation.js';
import { fourthRegionJoins } from './joining.js';
import { healedWithSameKeys, slotLost } from './links-lost.js';
import { oneWayCut, regionKilled, regionPartitioned, regionPaused } from './regions-lost.js';
import { lateRowsReturn, successorKilled } from './successions.js';

export const REGION_SCENARIOS: readonly Staged[] = [
  regionKilled,
  regionPartitioned,
  oneWayCut,
  regionPaused,
  healedWithSameKeys,
  lateRowsReturn,
  successorKilled,
  slotLost,
  evacuationUnderLoad,
  evacuationByPolling,
  fourthRegionJoins,
];
