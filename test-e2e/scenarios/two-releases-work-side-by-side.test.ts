import { expectNoViolation } from '../faults/short-form.js';
import { twoVersions } from '../faults/two-versions.js';

it(
  'has the services of the next release wait for their schema, migrates under load, and ends what the former release began',
  expectNoViolation(twoVersions),
);
