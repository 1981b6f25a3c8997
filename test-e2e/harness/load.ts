// Work for a region, and what its clients were told about it.
import type { Client } from '@singularity-workflow/sdk/client';
import { testEnvironment } from '@singularity-workflow/testkit';
import type { Acknowledged } from '../checker/history.js';

export interface Wanted {
  readonly key: string;
  readonly workflow: string;
  readonly input: Input;
  /** Not before. */
  readonly runAt?: Date;
  /** Default `e2e`. */
  readonly tenant?: string;
}

export type Input = { readonly n: number } & Readonly<Record<string, unknown>>;

const PATIENCE_MS = 60_000;

/** Starts all, in batches one after the other; repeats what was not answered, under the same keys, as a client must. */
export async function submit(client: Client, wanted: readonly Wanted[], batch = 100): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  for (let from = 0; from < wanted.length; from += batch)
    acknowledged.push(...(await submitBatch(client, wanted.slice(from, from + batch))));
  return acknowledged;
}

async function submitBatch(client: Client, wanted: readonly Wanted[]): Promise<Acknowledged[]> {
  const requests = wanted.map(({ key, workflow, input, runAt, tenant = 'e2e' }) => ({
    tenant_id: tenant,
    workflow,
    input,
    idempotency_key: key,
    ...(runAt && { run_at: runAt.toISOString() }),
  }));
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const results = await client.startBatch(requests);
      return results.map(({ outcome, run_id: runId, error }, at) => {
        if (runId === null || (outcome !== 'created' && outcome !== 'existing')) throw new Refused(`${wanted[at]!.key}: ${error?.detail}`);
        return { ...wanted[at]!, runId };
      });
    } catch (error) {
      if (error instanceof Refused || performance.now() > giveUpAt) throw error;
    }
  }
}

class Refused extends Error {}

/** `count` runs of this workflow; keys and numbers begin at `from`. */
export function runsOf(workflow: string, count: number, more: object = {}, from = 0): Wanted[] {
  return Array.from({ length: count }, (_, k) => ({ key: `${workflow}-${from + k}`, workflow, input: { n: from + k, ...more } }));
}

const OUTPUTS: Readonly<Record<string, (n: number) => unknown>> = {
  'e2e-chain': (n) => ({ square: (2 * n + 1) ** 2 }),
  'e2e-fan': (n) => ({ join: 3 * (5 * n + 10) }),
};

/** What a run of this workflow must answer. */
export const outputOf = ({ workflow, input }: { workflow: string; input: unknown }): unknown => OUTPUTS[workflow]!((input as Input).n);

/** Prints the seed; TEST_SEED repeats it. */
export function randomOf(name: string): () => number {
  const seed = (testEnvironment().seed ?? (Date.now() ^ (Math.random() * 0x1_0000_0000)) | 0) >>> 0;
  say(`${name}: TEST_SEED=${seed}`);
  return seededRandom(seed);
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A line for who reads along, without Jest's decoration. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
