import { executorPaused } from '../faults/executor-paused.js';
import { expectNoViolation } from '../faults/short-form.js';

it(
  'refuses what a paused executor reports after its tasks were given to another; it comes back under a new id and works',
  expectNoViolation(executorPaused),
);
