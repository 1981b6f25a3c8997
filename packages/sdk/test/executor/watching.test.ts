// What an application sees of its executor: metrics, events, log lines, signals.
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { createExecutor, workflow, type ExecutorMetrics } from '../../src/index.js';
import { useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished } = useExecutors(db);

it('calls the metrics for claims, waits, run times and outcomes', async () => {
  const seen: unknown[] = [];
  const metrics: ExecutorMetrics = {
    claimed: (tasks) => tasks > 0 && seen.push(['claimed', tasks]),
    handedOver: (tasks) => seen.push(['handed over', tasks]),
    began: (waitSeconds, { stepSlug }) => seen.push(['began', stepSlug, waitSeconds >= 0 && waitSeconds < 10]),
    ran: (seconds, { stepSlug }) => seen.push(['ran', stepSlug, seconds >= 0 && seconds < 10]),
    ended: (outcome, { stepSlug }) => seen.push(['ended', outcome, stepSlug]),
    runsEnded: ({ completed = 0, failed = 0 }) => seen.push(['runs', completed, failed]),
  };
  const w = workflow('w', { maxAttempts: 1 })
    .step('good', () => 1)
    .step('bad', { dependsOn: ['good'] }, () => {
      throw new Error('boom');
    });
  const ex = await executor([w], { metrics });
  await finished(await db.make.start('w'));
  await waitFor(() => ex.stats.outcomes.failed === 1, { until: 'the failure has its verdict' });
  expect(seen).toEqual([
    ['claimed', 1],
    ['began', 'good', true],
    ['ran', 'good', true],
    ['ended', 'completed', 'good'],
    ['handed over', 1],
    ['began', 'bad', true],
    ['ran', 'bad', true],
    ['runs', 0, 1],
    ['ended', 'failed', 'bad'],
  ]);
});

it('goes on when a metric or a listener throws', async () => {
  const errors: string[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (_: object, sentence: string) => void errors.push(sentence) };
  const boom = (): never => {
    throw new Error('mine');
  };
  const ex = await executor([workflow('w').step('a', () => 1)], {
    logger,
    metrics: { claimed: boom, began: boom, ran: boom, ended: boom },
  });
  ex.onEvent(boom);
  expect((await finished(await db.make.start('w'))).status).toBe('completed');
  await ex.stop();
  expect(new Set(errors)).toEqual(
    new Set([...['claimed', 'began', 'ran', 'ended'].map((name) => `the metric callback ${name} threw`), 'a listener to events threw']),
  );
});

it('writes what a handler logs, with the names of run, step and attempt', async () => {
  const lines: [object, string][] = [];
  const logger = { debug() {}, warn() {}, error() {}, info: (fields: object, sentence: string) => void lines.push([fields, sentence]) };
  const w = workflow('w').step('a', (_, ctx) => ctx.log.info({ sku: 7 }, 'reserved'));
  await executor([w], { logger });
  const runId = await db.make.start('w');
  await finished(runId);
  const line = lines.find(([, sentence]) => sentence === 'reserved');
  expect(line?.[0]).toEqual({ runId, tenantId: 'acme', workflow: 'w', stepSlug: 'a', taskIndex: 0, attempt: 1, sku: 7 });
});

it('drains at a signal when it is told to listen to signals, and then leaves them alone', async () => {
  const before = process.listenerCount('SIGTERM');
  const ex = createExecutor({
    workflows: [workflow('w').step('a', () => 1)],
    databaseUrl: db.url('workflow_executor'),
    handleSignals: true,
  });
  await ex.start();
  expect(process.listenerCount('SIGTERM')).toBe(before + 1);
  process.emit('SIGTERM');
  await ex.whenStopped();
  expect(ex.stats.state).toBe('stopped');
  await waitFor(() => process.listenerCount('SIGTERM') === before, { until: 'the listener is gone' });
});
