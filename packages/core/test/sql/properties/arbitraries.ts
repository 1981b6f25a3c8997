// What a random story is made of: a graph of steps, and orders to a driver. Orders carry numbers, not names: the driver picks the n-th of
// what there is at that moment, so that a shrunk story still makes sense.
import { fc, type StepDefinition } from '@singularity-workflow/testkit';

export const QUEUES = ['default', 'prop_second'] as const;
export const WORKERS = 3;

export type From = 'failed' | 'start' | number;

export type Order =
  | { do: 'start'; definition: number; elements: number; priority: number }
  | { do: 'claim'; worker: number; capacity: number; queues: number; fate: Fate }
  | { do: 'complete'; worker: number; picks: Pick[]; capacity: number; leads: boolean | null; fate: Fate }
  | { do: 'fail'; worker: number; picks: Pick[] }
  | { do: 'release'; worker: number; picks: Pick[] }
  | { do: 'heartbeat'; worker: number; fate: Fate }
  | { do: 'advance'; ms: number }
  | { do: 'lose'; worker: number }
  | { do: 'requeue' }
  | { do: 'pause'; run: number }
  | { do: 'resume'; run: number }
  | { do: 'cancel'; run: number }
  | { do: 'retry'; run: number; from: From }
  | { do: 'crash' };

/** What else there is about a call: its answer may be lost on the way back, and it may carry the claims that are settled. */
export interface Fate {
  isLost: boolean;
  settles: boolean;
}

/** The n-th attempt that a worker holds, or (stale) the n-th that it ever had. */
export interface Pick {
  n: number;
  stale: boolean;
  variant: number;
}

export interface Story {
  definitions: StepDefinition[][];
  orders: Order[];
}

const n = fc.nat({ max: 1_000 });
const worker = fc.nat({ max: WORKERS - 1 });
const oneIn = (times: number) => fc.nat({ max: times - 1 }).map((x) => x === 0);
const fate: fc.Arbitrary<Fate> = fc.record({ isLost: oneIn(8), settles: fc.boolean() });
const pick: fc.Arbitrary<Pick> = fc.record({
  n,
  stale: oneIn(4),
  variant: fc.nat({ max: 99 }),
});
const picks = fc.array(pick, { minLength: 1, maxLength: 6 });

const order: fc.Arbitrary<Order> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      worker,
      capacity: fc.integer({ min: 1, max: 8 }),
      queues: fc.integer({ min: 1, max: 3 }),
      fate,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('complete' as const),
      worker,
      picks,
      capacity: fc.constantFrom(0, 1, 2, 100, 100),
      leads: fc.constantFrom(null, null, null, null, true, false),
      fate,
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('fail' as const), worker, picks }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), worker, picks }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('heartbeat' as const), worker, fate }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(500, 1_500, 6_000, 12_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('requeue' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), run: n }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const), run: n }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), run: n }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('retry' as const),
      run: n,
      from: fc.oneof(fc.constant('failed' as const), fc.constant('start' as const), n),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      definition: n,
      elements: fc.nat({ max: 4 }),
      priority: fc.nat({ max: 2 }),
    }),
  },
);

interface RawStep {
  kind: 'single' | 'map';
  dependsOn: number[];
  path: boolean;
  whenExhausted: 'fail' | 'skip' | 'skip-cascade';
  maxAttempts: number;
  baseDelayMs: number;
  startDelayMs: number;
  queue: number;
}

const rawStep: fc.Arbitrary<RawStep> = fc.record({
  kind: fc.constantFrom('single' as const, 'single' as const, 'map' as const),
  dependsOn: fc.array(n, { maxLength: 3 }),
  path: fc.boolean(),
  whenExhausted: fc.constantFrom('fail' as const, 'skip' as const, 'skip-cascade' as const),
  maxAttempts: fc.integer({ min: 1, max: 3 }),
  baseDelayMs: fc.constantFrom(0, 0, 1_000),
  startDelayMs: fc.constantFrom(0, 0, 0, 5_000),
  queue: fc.nat({ max: 1 }),
});

/** Steps in an order in which each depends on earlier ones only; the definition is then sent in that order or backwards. */
const steps: fc.Arbitrary<StepDefinition[]> = fc
  .tuple(fc.array(rawStep, { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([raw, backwards]) => {
    const named = raw.map((step, index): StepDefinition => {
      const earlier = index === 0 ? [] : [...new Set(step.dependsOn.map((d) => `s${d % index}`))];
      const dependsOn = step.kind === 'map' ? earlier.slice(0, 1) : earlier;
      return {
        slug: `s${index}`,
        kind: step.kind,
        ...(step.kind === 'map' && dependsOn.length > 0
          ? { over: step.path ? `${dependsOn[0]}.found.here` : dependsOn[0]! }
          : { depends_on: dependsOn }),
        when_exhausted: step.whenExhausted,
        max_attempts: step.maxAttempts,
        base_delay_ms: step.baseDelayMs,
        max_delay_ms: 1_500,
        start_delay_ms: step.startDelayMs,
        timeout_ms: 604_800_000,
        queue: QUEUES[step.queue]!,
      };
    });
    return backwards ? named.toReversed() : named;
  });

/** Without bias: small numbers are no likelier than others, for they stand for choices and not for sizes. */
export const story = (ordersMax: number): fc.Arbitrary<Story> =>
  fc.noBias(
    fc.record({
      definitions: fc.array(steps, { minLength: 1, maxLength: 2 }),
      orders: fc
        .tuple(
          fc.record({ do: fc.constant('start' as const), definition: n, elements: fc.nat({ max: 4 }), priority: fc.nat({ max: 2 }) }),
          fc.array(order, { minLength: Math.floor(ordersMax / 2), maxLength: ordersMax, size: 'max' }),
        )
        .map(([first, rest]) => [first, ...rest]),
    }),
  );
