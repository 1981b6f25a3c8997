// A thousand orders from a file, fulfilled; then every number that came out is compared with what the file says must come out.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Client, Run, Step } from '@singularity-workflow/sdk/client';
import { expectedOrderNumbers, type OrderNumbers } from '../orders/expected.js';
import { generateOrders } from '../orders/generate.js';
import { orderFulfilment } from '../orders/order-fulfilment.workflow.js';
import type { Order } from '../orders/order.js';
import { inParallel } from './in-parallel.js';
import { progressBar } from './progress.js';
import type { Check } from './results.js';
import { untilEnded } from './until-ended.js';

const BATCH = 500;
const READERS = 16;

export interface OrdersDemo {
  readonly checks: Check[];
  readonly seconds: number;
  readonly failures: Record<string, number>;
}

export async function fulfilOrders(client: Client, path: string): Promise<OrdersDemo> {
  const orders = await ordersIn(path);
  const batch = randomUUID();
  const startedAt = performance.now();
  const runIds = await startAll(client, orders, batch);
  await untilEnded(client, { labels: { demo: batch }, total: orders.length });
  const seconds = (performance.now() - startedAt) / 1_000;
  const fulfilled = await readAll(client, runIds);
  const again = await startAll(client, orders, batch);
  const added = new Set([...runIds, ...again]).size - runIds.length;
  const checks = compare(expectedOrderNumbers(orders), numbersOf(fulfilled));
  checks.push({ what: 'runs added by the same orders, sent again', expected: 0, actual: added });
  return { checks, seconds, failures: failuresOf(fulfilled) };
}

/** Writes the generated orders to the file, and takes them from there: what is checked later is what stands in the file. */
async function ordersIn(path: string): Promise<Order[]> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(
    path,
    `[\n${generateOrders()
      .map((order) => JSON.stringify(order))
      .join(',\n')}\n]\n`,
  );
  return JSON.parse(await readFile(path, 'utf8')) as Order[];
}

/** One run per order; the key makes the same order of the same demo one run, however often it is sent. */
async function startAll(client: Client, orders: readonly Order[], batch: string): Promise<string[]> {
  const runIds: string[] = [];
  for (let at = 0; at < orders.length; at += BATCH) {
    const requests = orders.slice(at, at + BATCH).map((order) => ({
      tenant_id: 'demo',
      workflow: orderFulfilment.slug,
      input: order,
      idempotency_key: `${batch}:${order.orderId}`,
      labels: { demo: batch },
    }));
    for (const { run_id, error } of await client.startBatch(requests)) {
      if (run_id === null) throw new Error(`an order was not accepted: ${error?.code}: ${error?.detail}`);
      runIds.push(run_id);
    }
  }
  return runIds;
}

type Fulfilled = { run: Run<typeof orderFulfilment>; steps: Step[] };

async function readAll(client: Client, runIds: readonly string[]): Promise<Fulfilled[]> {
  const bar = progressBar('reading results', runIds.length);
  const read = async (runId: string): Promise<Fulfilled> => {
    const [run, { steps }] = await Promise.all([client.get<typeof orderFulfilment>(runId), client.steps(runId)]);
    return { run, steps };
  };
  try {
    return await inParallel(runIds, { read, readers: READERS, onRead: (done) => bar.update(done) });
  } finally {
    bar.stop();
  }
}

function numbersOf(fulfilled: readonly Fulfilled[]): OrderNumbers {
  const completed = fulfilled.filter(({ run }) => run.status === 'completed');
  const sum = (count: (one: Fulfilled) => number): number => completed.reduce((total, one) => total + count(one), 0);
  return {
    orders: fulfilled.length,
    completed: completed.length,
    failed: fulfilled.filter(({ run }) => run.status === 'failed').length,
    chargedCents: sum(({ run }) => run.output?.close.chargedCents ?? 0),
    parcelsShipped: sum(({ run }) => run.output?.close.parcels ?? 0),
    customersNotTold: sum(({ steps }) => steps.filter(({ step, status }) => step === 'notify' && status === 'skipped').length),
    failedAttempts: sum(
      ({ steps }) => steps.flatMap(({ tasks }) => tasks.flatMap(({ attempts }) => attempts.filter(({ reported }) => reported))).length,
    ),
  };
}

function compare(expected: OrderNumbers, actual: OrderNumbers): Check[] {
  const what: Record<keyof OrderNumbers, string> = {
    orders: 'orders',
    completed: 'fulfilled',
    failed: 'failed for good',
    chargedCents: 'cents charged',
    parcelsShipped: 'parcels shipped',
    customersNotTold: 'of those, mail skipped',
    failedAttempts: 'failed attempts of those fulfilled',
  };
  return (Object.keys(what) as (keyof OrderNumbers)[]).map((key) => ({ what: what[key], expected: expected[key], actual: actual[key] }));
}

/** Why orders failed: the message without the order's own words. */
function failuresOf(fulfilled: readonly Fulfilled[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { run } of fulfilled) {
    if (run.error === null) continue;
    const why = (run.error.message ?? 'unknown').replace(/^GONE-\S+/, 'an article');
    counts[why] = (counts[why] ?? 0) + 1;
  }
  return counts;
}
