import { executorKilled } from '../faults/executor-killed.js';
import { expectNoViolation } from '../faults/short-form.js';

it('gives the tasks of a killed executor to another, and all runs complete', expectNoViolation(executorKilled));
