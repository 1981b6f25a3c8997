// Compiled by `typecheck`, never run: each `@ts-expect-error` is a mistake that must not compile.
import { workflow, type InputOf, type OutputOf, type Serialized } from '../../src/index.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(..._: Equal<A, B> extends true ? [] : ['these types differ', A, B]): void => undefined;

interface Order {
  readonly id: string;
  readonly lines: { sku: string; count: number }[];
}
interface Parcel {
  weight: number;
  to: { city: string };
}

// The example of the documentation.
export const fulfilOrder = workflow<Order>('fulfil-order', { maxAttempts: 5, timeoutMs: 30_000 })
  .step('reserve', async (order, ctx) => {
    same<typeof order, Order>();
    same<typeof ctx.runInput, Order>();
    return { total: order.lines.length, parcels: [] as Parcel[], nested: { deep: { ids: ['a'] as const } }, at: new Date() };
  })
  .step('charge', { dependsOn: ['reserve'] }, async ({ reserve }, ctx) => {
    same<typeof reserve.total, number>();
    same<typeof reserve.at, string>();
    same<typeof ctx.signal, AbortSignal>();
    return `charged ${reserve.total}`;
  })
  .map('ship', { over: 'reserve.parcels' }, async (parcel) => {
    same<typeof parcel.weight, number>();
    same<typeof parcel.to.city, string>();
    return { shipped: true };
  })
  .map('ids', { over: 'reserve.nested.deep.ids' }, (id) => {
    same<typeof id, 'a'>();
  })
  .step('notify', { dependsOn: ['charge', 'ship'] }, ({ charge, ship }) => {
    same<typeof charge, string>();
    same<typeof ship, { shipped: boolean }[]>();
    return charge.length + ship.length;
  });

same<InputOf<typeof fulfilOrder>, Order>();
same<OutputOf<typeof fulfilOrder>, { ids: null[]; notify: number }>();

const base = workflow<Order>('base').step('a', () => ({
  list: [1, 2],
  text: 'x',
  maybe: undefined as number[] | undefined,
  any: JSON.parse('[]'),
}));

// A dependency that is no earlier step.
// @ts-expect-error there is no step "b"
base.step('c', { dependsOn: ['b'] }, () => 1);
// @ts-expect-error a step cannot depend on itself
base.step('c', { dependsOn: ['c'] }, () => 1);
// @ts-expect-error the first step has nothing to depend on
workflow<Order>('first').step('a', { dependsOn: ['z'] }, () => 1);

// A slug that is taken.
// @ts-expect-error "a" exists
base.step('a', () => 1);
// @ts-expect-error "a" exists
base.step('a', { dependsOn: [] }, () => 1);
// @ts-expect-error "a" exists
base.map('a', { over: 'a.list' }, () => 1);

// A key that is not in the input.
// @ts-expect-error Order has no key "total"
base.step('c', (order) => order.total);
// @ts-expect-error "a" is a dependency, "b" is not
base.step('c', { dependsOn: ['a'] }, ({ b }) => b);
// @ts-expect-error the output of "a" has no key "count"
base.step('c', { dependsOn: ['a'] }, ({ a }) => a.count);
// @ts-expect-error with dependencies, the run input is ctx.runInput
base.step('c', { dependsOn: ['a'] }, (input) => input.lines);

// A path that does not lead to an array.
// @ts-expect-error nothing is at "a.lists"
base.map('c', { over: 'a.lists' }, () => 1);
// @ts-expect-error a string is not an array
base.map('c', { over: 'a.text' }, () => 1);
// @ts-expect-error an object is not an array
base.map('c', { over: 'a' }, () => 1);
// @ts-expect-error it may be missing
base.map('c', { over: 'a.maybe' }, () => 1);
// @ts-expect-error nothing is below an element
base.map('c', { over: 'a.list.0' }, () => 1);
// @ts-expect-error there is no step "b"
base.map('c', { over: 'b.list' }, () => 1);
// @ts-expect-error the element is a number
base.map('c', { over: 'a.list' }, (element: string) => element);
base.map('c', { over: 'a.list' }, (element) => same<typeof element, number>());
base.map('c', { over: 'a.any' }, (element: { anything: 1 }) => element);
base.map('c', { over: 'a.any.deeper' }, (element: { anything: 1 }) => element);

// A map without a source.
// @ts-expect-error the run input is an object
base.map('c', () => 1);
// @ts-expect-error the run input is an object
base.map('c', { maxAttempts: 1 }, () => 1);
const rootMap = workflow<Parcel[]>('root-map')
  .map('each', (parcel, ctx) => {
    same<typeof parcel, Parcel>();
    same<typeof ctx.runInput, Parcel[]>();
    return parcel.weight;
  })
  .map('again', { maxAttempts: 2 }, (parcel) => parcel.to)
  .map('sizes', { over: 'each' }, (weight) => {
    same<typeof weight, number>();
    return weight > 1;
  });
same<OutputOf<typeof rootMap>, { again: { city: string }[]; sizes: boolean[] }>();

// Options.
// @ts-expect-error no such option
workflow('w', { retries: 3 });
// @ts-expect-error no such option
base.step('c', { retries: 3 }, () => 1);
// @ts-expect-error a map takes its source from `over`
base.map('c', { over: 'a.list', dependsOn: ['a'] }, () => 1);
// @ts-expect-error a single step has no source
base.step('c', { over: 'a.list' }, () => 1);
// @ts-expect-error no such word
base.step('c', { whenExhausted: 'ignore' }, () => 1);
// @ts-expect-error a number of milliseconds
base.step('c', { timeoutMs: '30s' }, () => 1);

// A dependency that may be missing.
const skipping = workflow<Order>('skipping')
  .step('sure', () => 1)
  .step('maybe', { whenExhausted: 'skip' }, () => [1, 2])
  .step('all-or-none', { whenExhausted: 'skip-cascade' }, () => 'x')
  .map('over-maybe', { over: 'maybe' }, (n) => n)
  .step('join', { dependsOn: ['sure', 'maybe', 'over-maybe', 'all-or-none'] }, (input) => {
    same<typeof input, { sure: number; 'all-or-none': string; maybe?: number[]; 'over-maybe'?: number[] }>();
    // @ts-expect-error it may be missing
    input.maybe.length;
    return input.sure;
  })
  .step('after', { dependsOn: ['join'] }, ({ join }) => join)
  .step('beside', { dependsOn: ['sure'] }, ({ sure }) => sure);
// What follows a cascade may miss from the output, what does not follow it may not.
same<OutputOf<typeof skipping>, { beside: number; after?: number }>();

// What JSON makes of a value.
same<Serialized<undefined>, null>();
same<Serialized<void>, null>();
same<Serialized<Date>, string>();
same<
  Serialized<{ at: Date; f(): void; maybe?: Date; n: null; list: (Date | undefined)[] }>,
  { at: string; n: null; list: (string | null)[]; maybe?: string }
>();
same<Serialized<readonly [1, 'b', Date]>, readonly [1, 'b', string]>();
same<Serialized<bigint>, never>();
same<Serialized<unknown>, unknown>();
same<Serialized<'a' | 1 | undefined>, 'a' | 1 | null>();
same<Serialized<{ n: bigint }>, { n: never }>();

interface Tree {
  value: string;
  children: Tree[];
}
workflow<Tree>('tree')
  .step('root', (tree) => tree)
  .map('children', { over: 'root.children' }, (child) => child.children.length);
