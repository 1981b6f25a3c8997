import { createLogger, createMetrics, EVENTS, logEvent } from '../../src/telemetry/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

describe('events', () => {
  it('are logged with their level, their sentence and their payload as fields', () => {
    const logger = new RecordingLogger();
    logEvent(logger, 'lease_lost', { lease: 'scheduler', token: 7, reason: 'it was fenced' });
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        event: 'lease_lost',
        lease: 'scheduler',
        token: 7,
        reason: 'it was fenced',
        sentence: 'leads scheduler no more (token 7): it was fenced',
      },
    ]);
  });

  it('have names in snake_case', () => {
    for (const name of Object.keys(EVENTS)) expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });
});

describe('the logger', () => {
  it('writes one JSON object a line, with time, app and pid, and hides passwords', () => {
    const lines: string[] = [];
    const logger = createLogger({ app: 'router', destination: { write: (line: string) => void lines.push(line) } });
    logger.info({ event: 'x', password: 'hunter2' }, 'a sentence');
    logger.debug({}, 'below the level');
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'info', app: 'router', pid: process.pid, event: 'x', msg: 'a sentence', password: '***' });
    expect(String(line['time'])).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/);
  });
});

describe('metrics', () => {
  it('are those that dashboards know', async () => {
    const { registry } = createMetrics({ processMetrics: false });
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    for (const name of [
      'workflow_runs_started_total',
      'workflow_runs_finished_total',
      'workflow_runs_open',
      'workflow_tasks_total',
      'workflow_task_seconds',
      'workflow_task_wait_seconds',
      'workflow_claim_batch',
      'workflow_executions_total',
      'pgmq_queue_depth',
      'pgmq_queue_oldest_seconds',
      'workflow_workers',
      'orchestrator_leader',
      'orchestrator_failovers_total',
    ]) {
      expect(names).toContain(name);
    }
  });

  it('of two apps in one process do not meet', async () => {
    const [a, b] = [createMetrics({ app: 'router' }), createMetrics({ app: 'router' })];
    a.runsStarted.inc(3);
    expect(await a.registry.getSingleMetricAsString('workflow_runs_started_total')).toContain(
      'workflow_runs_started_total{app="router"} 3',
    );
    expect(await b.registry.getSingleMetricAsString('workflow_runs_started_total')).toContain(
      'workflow_runs_started_total{app="router"} 0',
    );
  });

  it('are exposed by the apps that cause them only', () => {
    const namesOf = (app: 'router' | 'executor') =>
      createMetrics({ app, processMetrics: false })
        .registry.getMetricsAsArray()
        .map(({ name }) => name);
    expect(namesOf('router')).toEqual([
      'workflow_runs_started_total',
      'workflow_runs_finished_total',
      'workflow_replica_lag_seconds',
      'workflow_forwards_total',
      'workflow_quorum_wait_seconds',
      'workflow_quorum_waiters',
      'workflow_database_connections',
    ]);
    expect(namesOf('executor')).not.toContain('workflow_runs_started_total');
    createMetrics({ app: 'router' }).taskSeconds.observe(1); // counted nowhere, and no error
  });
});
