// The workflows of the scenarios, loaded by executors through WORKFLOW_MODULES; Node strips the types itself, so this file imports nothing of its
// own. Outputs follow from the input, so that anybody can tell whether a run's output is right.
//
// E2E_FOLDER: where attempts are noted (see attempts.ts) and gates stand; without it nothing is noted. E2E_NAME: who notes.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { workflow, type StepContext } from '@singularity-workflow/sdk';

const folder = process.env['E2E_FOLDER'];
const name = process.env['E2E_NAME'] ?? 'nobody';
const notes = folder === undefined ? null : join(folder, 'attempts', `${name}.${process.pid}.jsonl`);
if (folder !== undefined) mkdirSync(join(folder, 'attempts'), { recursive: true });

const GATE_EVERY_MS = 10;

function note(kind: 'start' | 'end' | 'fail', { runId, stepSlug, taskIndex, attempt }: StepContext, more: object): void {
  if (notes === null) return;
  const at = Number(process.hrtime.bigint() / 1_000n) / 1_000;
  appendFileSync(notes, `${JSON.stringify({ kind, process: name, at, runId, stepSlug, taskIndex, attempt, ...more })}\n`);
}

type Handler<Input, Output> = (input: Input, ctx: StepContext) => Output | Promise<Output>;

function noted<Input, Output>(handler: Handler<Input, Output>): (input: Input, ctx: StepContext) => Promise<Output> {
  return async (input, ctx) => {
    note('start', ctx, { input });
    try {
      const output = await handler(input, ctx);
      note('end', ctx, { output });
      return output;
    } catch (error) {
      note('fail', ctx, {});
      throw error;
    }
  };
}

const isOpen = (gate: string): boolean => existsSync(join(folder ?? '', 'gates', gate));

/** Resolves once the gate is open; rejects when the attempt is over. One timer for all who wait at a gate. */
const waiting = new Map<string, Promise<void>>();

function opened(gate: string): Promise<void> {
  let promise = waiting.get(gate);
  if (promise === undefined) {
    promise = new Promise((resolve) => {
      const timer = setInterval(() => {
        if (!isOpen(gate)) return;
        clearInterval(timer);
        resolve();
      }, GATE_EVERY_MS);
    });
    waiting.set(gate, promise);
  }
  return promise;
}

const ended = ({ signal }: StepContext): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));

export interface Work {
  readonly n: number;
  /** How long each handler takes. Default: no time at all. */
  readonly workMs?: number;
  /** So many first attempts of the second step fail. */
  readonly failures?: number;
  /** Handlers end when their signals abort; by default they work on. */
  readonly heeds?: boolean;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function work({ workMs = 0, heeds = false }: Work, ctx: StepContext): Promise<void> {
  if (workMs > 0) await (heeds ? Promise.race([pause(workMs), ended(ctx)]) : pause(workMs));
}

function fail({ failures = 0 }: Work, { attempt }: StepContext): void {
  if (attempt <= failures) throw new Error(`attempt ${attempt} fails, as it was asked to`);
}

/** Gates are opened when a scenario is through with something, however slow the machine is. */
const unhurried = { timeoutMs: 600_000 };

const patient = { maxAttempts: 20, baseDelayMs: 100, maxDelayMs: 1_000 };

/** Three steps, one after the other: `{ square: (2n + 1)² }`. */
export const chain = workflow<Work>('e2e-chain', patient)
  .step(
    'double',
    noted(async (input: Work, ctx) => {
      await work(input, ctx);
      return { ...input, n: input.n * 2 };
    }),
  )
  .step(
    'add',
    { dependsOn: ['double'] },
    noted(async ({ double }: { double: Work }, ctx) => {
      await work(double, ctx);
      fail(double, ctx);
      return { ...double, n: double.n + 1 };
    }),
  )
  .step(
    'square',
    { dependsOn: ['add'] },
    noted(async ({ add }: { add: Work }, ctx) => {
      await work(add, ctx);
      return add.n * add.n;
    }),
  );

/** A map over five elements, and their sum: `{ join: 3 (5n + 10) }`. */
export const fan = workflow<Work>('e2e-fan', patient)
  .step(
    'split',
    noted(async (input: Work, ctx) => {
      await work(input, ctx);
      return [0, 1, 2, 3, 4].map((k) => ({ ...input, n: input.n + k }));
    }),
  )
  .map(
    'triple',
    { over: 'split' },
    noted(async (input: Work, ctx) => {
      await work(input, ctx);
      fail(input, ctx);
      return input.n * 3;
    }),
  )
  .step(
    'join',
    { dependsOn: ['triple'] },
    noted(({ triple }: { triple: number[] }) => triple.reduce((sum, n) => sum + n, 0)),
  );

/** Has another step in each release (E2E_RELEASE), which only its own executors can run: `{ holdK: { n, release: K } }`. Waits like `held`. */
const release = Number(process.env['E2E_RELEASE'] ?? 0);
export const versioned = workflow<Held>('e2e-versioned', unhurried).step(
  `hold${release}`,
  noted(async ({ n, gates }: Held, ctx) => {
    const gate = gates[ctx.attempt - 1];
    if (gate !== undefined) await Promise.race([opened(gate), ended(ctx)]);
    return { n, release };
  }),
);

export interface Held {
  readonly n: number;
  /** Attempt k waits at the k-th of these gates; those after the last do not wait. */
  readonly gates: readonly string[];
}

/** One task that waits for a gate: `{ hold: { n, by } }`, by being the process whose attempt counted. */
export const held = workflow<Held>('e2e-held', unhurried).step(
  'hold',
  noted(async ({ n, gates }: Held, ctx) => {
    const gate = gates[ctx.attempt - 1];
    if (gate !== undefined) await Promise.race([opened(gate), ended(ctx)]);
    return { n, by: name };
  }),
);

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Like `held`, but its first attempt holds up the whole process while it waits, and returns whatever was decided meanwhile. */
export const stubborn = workflow<Held>('e2e-stubborn', unhurried).step(
  'hold',
  noted(async ({ n, gates }: Held, ctx) => {
    const gate = gates[ctx.attempt - 1];
    if (gate === undefined) return { n, by: name };
    if (ctx.attempt === 1) while (!isOpen(gate)) Atomics.wait(sleeper, 0, 0, GATE_EVERY_MS);
    else await Promise.race([opened(gate), ended(ctx)]);
    return { n, by: name };
  }),
);

export interface Witnessed extends Work {
  readonly tokens: readonly string[];
}

const tokenOf = ({ stepSlug, attempt }: StepContext): string => `${stepSlug}.${attempt} ${name}.${process.pid} ${randomUUID()}`;

/** Three steps, each of which adds a token of its attempt to those before: `{ third: { tokens } }` says which attempts counted. */
export const witness = workflow<Work>('e2e-witness', patient)
  .step(
    'first',
    noted(async (input: Work, ctx) => {
      await work(input, ctx);
      return { ...input, tokens: [tokenOf(ctx)] };
    }),
  )
  .step(
    'second',
    { dependsOn: ['first'] },
    noted(async ({ first }: { first: Witnessed }, ctx) => {
      await work(first, ctx);
      fail(first, ctx);
      return { ...first, tokens: [...first.tokens, tokenOf(ctx)] };
    }),
  )
  .step(
    'third',
    { dependsOn: ['second'] },
    noted(async ({ second }: { second: Witnessed }, ctx) => {
      await work(second, ctx);
      return { tokens: [...second.tokens, tokenOf(ctx)] };
    }),
  );
