import { regionKilled, regionPartitioned } from '../faults/regions/regions-lost.js';
import { expectNoViolation } from '../faults/short-form.js';

const LIMIT_MS = 600_000; // a dozen processes that start at once, on whatever machine

it(
  'puts others in the place of a region that was killed; loses nothing that was acknowledged, executes no tenant in two regions at once; all are equal when it is back',
  expectNoViolation(regionKilled),
  LIMIT_MS,
);

it(
  'puts others in the place of a region that was cut off, which stops by itself; loses nothing, executes no tenant in two regions at once; all are equal when it is healed',
  expectNoViolation(regionPartitioned),
  LIMIT_MS,
);
