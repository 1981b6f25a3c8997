// The example workflows as they run: a real executor, a real database.
import { createExecutor, type Executor } from '@singularity-workflow/sdk';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as examples from '../src/index.js';
import { expectedOrderNumbers } from '../src/orders/expected.js';
import { generateOrders } from '../src/orders/generate.js';

const db = useTestDatabase();
let executor: Executor;

beforeEach(async () => {
  executor = createExecutor({ databaseUrl: db.url('workflow_executor'), workflows: Object.values(examples), pollIntervalMs: 10 });
  await executor.start();
});
afterEach(() => executor.stop({ hasten: true }));

const ended = (runId: string) =>
  waitFor(
    async () => {
      const run = await db.make.run(runId);
      return run.finished_at === null ? null : run;
    },
    { until: `run ${runId} has ended` },
  );

it('greet answers what the first curl line of a newcomer promises', async () => {
  const run = await ended(await db.make.start('greet', { name: 'Ada' }));
  expect(run.output).toEqual({ greet: { greeting: 'Hello, Ada!' } });
});

it('order-fulfilment ends every order as the file of orders says', async () => {
  const orders = generateOrders(3, 60);
  const expected = expectedOrderNumbers(orders);
  expect(expected).toMatchObject({ failed: 3, customersNotTold: 1, failedAttempts: 24 }); // so that there is something to see
  const started = await db.make.startAll(orders.map((order) => ({ tenant_id: 'acme', workflow: 'order-fulfilment', input: order })));
  const runs = await Promise.all(started.map(({ run_id }) => ended(run_id)));
  const outputs = runs.flatMap(({ output }) => (output === null ? [] : [(output as { close: Closed }).close]));
  expect({
    orders: runs.length,
    completed: outputs.length,
    failed: runs.filter(({ status }) => status === 'failed').length,
    chargedCents: outputs.reduce((sum, { chargedCents }) => sum + chargedCents, 0),
    parcelsShipped: outputs.reduce((sum, { parcels }) => sum + parcels, 0),
    customersNotTold: outputs.filter(({ customerTold }) => !customerTold).length,
    failedAttempts: await failedAttemptsOfCompleted(),
  }).toEqual(expected);
});

it('licence-audit reads every package once and writes its report', async () => {
  const root = await mkdtemp(join(tmpdir(), 'audit-'));
  for (const [name, license] of [
    ['a', 'MIT'],
    ['b', 'GPL-3.0-only'],
  ] as const) {
    await mkdir(join(root, 'node_modules', name), { recursive: true });
    await writeFile(join(root, 'node_modules', name, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }));
  }
  const run = await ended(await db.make.start('licence-audit', { root, report: 'report.md' }));
  expect(run.output).toEqual({
    report: {
      packages: 2,
      licences: [
        { licence: 'GPL-3.0-only', packages: 1 },
        { licence: 'MIT', packages: 1 },
      ],
      allowed: 1,
      conflicts: ['b@1.0.0 GPL-3.0-only'],
      missing: [],
      withoutText: 2,
      report: join(root, 'report.md'),
    },
  });
  expect(await readFile(join(root, 'report.md'), 'utf8')).toMatch(/^# Licences of what is installed\n\n2 packages/);
  await rm(root, { recursive: true });
});

interface Closed {
  chargedCents: number;
  parcels: number;
  customerTold: boolean;
}

async function failedAttemptsOfCompleted(): Promise<number> {
  const [row] = await db.sql<{ attempts: number }>(
    `select count(*)::int as attempts from workflow.step_attempts a join workflow.workflow_runs r using (run_id) where r.status = 'completed'`,
  );
  return row!.attempts;
}
