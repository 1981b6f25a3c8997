import { postgresRestarted } from '../faults/postgres-restarted.js';
import { expectNoViolation } from '../faults/short-form.js';

it(
  'ends everything that was acknowledged exactly once, with no process gone, though the queues were emptied twice',
  expectNoViolation(postgresRestarted, 2),
);
