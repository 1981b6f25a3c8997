import { workflow, type AnyWorkflow } from '../../src/index.js';

/** The DSL as somebody without types calls it. */
interface Untyped extends AnyWorkflow {
  step(...args: unknown[]): Untyped;
  map(...args: unknown[]): Untyped;
}
const untyped = (slug: unknown, options?: unknown): Untyped =>
  (workflow as unknown as (slug: unknown, options?: unknown) => Untyped)(slug, options);
const handler = (): null => null;

it('becomes the definition document, with what was given and nothing else', () => {
  const order = workflow<{ id: string }>('fulfil-order', {
    maxAttempts: 5,
    baseDelayMs: 10,
    maxDelayMs: 20,
    timeoutMs: 30_000,
    queue: 'orders',
  })
    .step('reserve', () => ({ parcels: [1], total: 1 }))
    .step('charge', { dependsOn: ['reserve'], maxAttempts: 1, startDelayMs: 5, whenExhausted: 'skip' }, () => 1)
    .map('ship', { over: 'reserve.parcels', queue: 'slow', whenExhausted: 'skip-cascade' }, (n) => n)
    .step('notify', { dependsOn: ['charge', 'ship'] }, () => 1);

  expect(order.definition).toEqual({
    slug: 'fulfil-order',
    max_attempts: 5,
    base_delay_ms: 10,
    max_delay_ms: 20,
    timeout_ms: 30_000,
    queue: 'orders',
    steps: [
      { slug: 'reserve' },
      { slug: 'charge', depends_on: ['reserve'], max_attempts: 1, start_delay_ms: 5, when_exhausted: 'skip' },
      { slug: 'ship', kind: 'map', over: 'reserve.parcels', queue: 'slow', when_exhausted: 'skip-cascade' },
      { slug: 'notify', depends_on: ['charge', 'ship'] },
    ],
  });
  expect([...order.handlers.keys()]).toEqual(['reserve', 'charge', 'ship', 'notify']);
  expect(workflow<number[]>('m').map('root', (n) => n).definition).toEqual({ slug: 'm', steps: [{ slug: 'root', kind: 'map' }] });
});

it('does not change when another is built upon it', () => {
  const base = workflow('base').step('a', handler);
  const left = base.step('b', handler);
  const right = base.step('c', handler);
  expect([base, left, right].map(({ definition }) => definition.steps.map(({ slug }) => slug))).toEqual([['a'], ['a', 'b'], ['a', 'c']]);
  expect(() => base.definition.steps.push({ slug: 'x' })).toThrow(TypeError);
});

const base = untyped('base').step('a', handler);

it.each([
  ['a slug with capitals', () => untyped('Base'), 'bad_slug', '"Base"'],
  ['a slug that is too long', () => untyped('a'.repeat(48)), 'bad_slug', 'aaa'],
  ['a slug that is no string', () => untyped(7), 'bad_slug', '7'],
  ['a step slug with a dot', () => base.step('b.c', handler), 'bad_slug', '"b.c"'],
  ['a slug twice', () => base.map('a', handler), 'duplicate_step', '"a"'],
  ['an unknown dependency', () => base.step('b', { dependsOn: ['a', 'z'] }, handler), 'unknown_dependency', '"z"'],
  ['a step that depends on itself', () => base.step('b', { dependsOn: ['b'] }, handler), 'unknown_dependency', '"b"'],
  ['a dependency twice', () => base.step('b', { dependsOn: ['a', 'a'] }, handler), 'bad_option', 'twice'],
  ['dependencies that are no array', () => base.step('b', { dependsOn: 'a' }, handler), 'bad_option', 'array'],
  ['an unknown source', () => base.map('b', { over: 'z.path' }, handler), 'unknown_dependency', '"z"'],
  ['a path with an empty key', () => base.map('b', { over: 'a..x' }, handler), 'bad_option', '"a..x"'],
  ['a source that is no string', () => base.map('b', { over: 1 }, handler), 'unknown_dependency', ''],
  ['an unknown option', () => base.step('b', { retries: 1 }, handler), 'bad_option', '"retries"'],
  ['a source for a single step', () => base.step('b', { over: 'a' }, handler), 'bad_option', '"over"'],
  ['dependencies for a map', () => base.map('b', { dependsOn: ['a'] }, handler), 'bad_option', '"dependsOn"'],
  ['an unknown option of a workflow', () => untyped('w', { startDelayMs: 1 }), 'bad_option', '"startDelayMs"'],
  ['no attempts', () => base.step('b', { maxAttempts: 0 }, handler), 'bad_option', 'from 1 to 100, not 0'],
  ['half an attempt', () => base.step('b', { maxAttempts: 1.5 }, handler), 'bad_option', '1.5'],
  ['a timeout as text', () => base.step('b', { timeoutMs: '30s' }, handler), 'bad_option', '"30s"'],
  ['a timeout of more than a week', () => untyped('w', { timeoutMs: 604_800_001 }), 'bad_option', '604800001'],
  ['a negative delay', () => base.step('b', { startDelayMs: -1 }, handler), 'bad_option', '-1'],
  ['a queue with a hyphen', () => base.step('b', { queue: 'a-b' }, handler), 'bad_queue', '"a-b"'],
  ['an unknown word for exhaustion', () => base.step('b', { whenExhausted: 'ignore' }, handler), 'bad_option', 'fail, skip, skip-cascade'],
])('refuses %s', (_, build, code, sentence) => {
  expect(build).toThrow(expect.objectContaining({ code, message: expect.stringContaining(sentence) as string }) as Error);
});

it('refuses a step without a handler, and options that are none', () => {
  expect(() => base.step('b')).toThrow(/handler/);
  expect(() => base.step('b', {}, 'handler')).toThrow(/handler/);
  expect(() => base.step('b', null, handler)).toThrow(/options/);
});

it('takes 1,000 steps and not one more', () => {
  let long = untyped('long');
  for (let n = 0; n < 1_000; n += 1) long = long.step(`s${n}`, n === 0 ? {} : { dependsOn: [`s${n - 1}`] }, handler);
  expect(() => long.step('last', handler)).toThrow(/at most 1000 steps/);
});
