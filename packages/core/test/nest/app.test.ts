import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { waitFor } from '@singularity-workflow/testkit';
import { loadConfig, type Config } from '../../src/config/index.js';
import { migrate } from '../../src/migrate/index.js';
import { CoreModule, createApp, HealthRegistry, Lifecycle, METRICS, PresenceModule, startApp } from '../../src/nest/index.js';
import { Database, RunStore } from '../../src/store/index.js';
import { Presence } from '../../src/leadership/index.js';
import type { Metrics } from '../../src/telemetry/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.js';

@Module({})
class TestModule {}

const moduleOf = (config: Config) => ({ module: TestModule, imports: [CoreModule.forRoot(config), PresenceModule.forRoot()] });

describe('an app', () => {
  let empty: EmptyDatabase;
  const running: NestFastifyApplication[] = [];

  beforeEach(async () => {
    empty = await createEmptyDatabase();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.close()));
    await empty.drop();
  });

  const configOf = (env: Record<string, string> = {}): Config =>
    loadConfig('scheduler', {
      DATABASE_URL: empty.url,
      PORT: '0',
      LOG_LEVEL: 'silent',
      HEARTBEAT_INTERVAL_MS: '100',
      HEARTBEAT_TIMEOUT_MS: '5000',
      ...env,
    });

  async function start(env: Record<string, string> = {}): Promise<{ app: NestFastifyApplication; get: (path: string) => Promise<Answer> }> {
    const config = configOf(env);
    const { app, address } = await startApp(moduleOf(config), config, { migrate });
    running.push(app);
    return { app, get: (path) => answerOf(`${address}${path}`) };
  }

  interface Answer {
    status: number;
    headers: Headers;
    text: string;
    body: { status: string; reasons: string[]; checks: Record<string, { status: string }>; details: Record<string, unknown> };
  }

  async function answerOf(url: string, init?: RequestInit): Promise<Answer> {
    const response = await fetch(url, init);
    const text = await response.text();
    const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Answer['body'];
    return { status: response.status, headers: response.headers, text, body };
  }

  it('starts, is ready when database, schema and registration are there, and stops in order', async () => {
    await migrate({ adminUrl: empty.url });
    const { app, get } = await start();
    await waitFor(async () => (await get('/health/ready')).status === 200, { until: 'it is ready' });
    const health = await get('/health');
    expect([health.status, health.body.status, health.body.reasons]).toEqual([200, 'ok', []]);
    expect(Object.entries(health.body.checks).map(([name, { status }]) => [name, status])).toEqual([
      ['database', 'up'],
      ['pgmq', 'up'],
      ['workers', 'up'],
      ['leaders', 'up'],
      ['replication', 'up'],
    ]);
    expect(health.body).toMatchObject({ app: 'scheduler', region: 'local', details: { worker: { registered: true } } });
    const { workerId } = app.get(Presence);
    await app.close();
    expect(await empty.sql('select state, address from workflow.worker_states where worker_id = $1', [workerId])).toEqual([
      { state: 'stopped', address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) },
    ]);
    expect(
      await empty.sql(`select 1 from pg_stat_activity where application_name like 'singularity-workflow scheduler%' and datname = $1`, [
        empty.name,
      ]),
    ).toEqual([]);
  });

  it('waits unready on an empty database, says so, and is ready once somebody migrated it', async () => {
    const { get } = await start();
    await waitFor(async () => (await get('/health/ready')).text.includes('the database has no schema yet'));
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/health')).status).toBe(503);
    await migrate({ adminUrl: empty.url });
    await waitFor(async () => (await get('/health/ready')).status === 200, { until: 'it is ready' });
  });

  it('migrates by itself where it has the administrator’s address', async () => {
    const { get } = await start({ DATABASE_ADMIN_URL: empty.url });
    expect(await waitFor(async () => (await get('/health/ready')).status === 200, { until: 'it is ready' })).toBe(true);
  });

  it('waits unready on a schema that is newer than its own', async () => {
    await migrate({ adminUrl: empty.url });
    await empty.sql(`insert into workflow.schema_migrations (version, name, sha256) values (999, 'later', 'x')`);
    const { get } = await start({ DATABASE_ADMIN_URL: empty.url });
    expect(
      await waitFor(async () => (await get('/health/ready')).text.includes('the schema is too new: the database has version 999')),
    ).toBe(true);
  });

  it('begins nothing on another schema than its own, and begins when it is there', async () => {
    await migrate({ adminUrl: empty.url });
    const [newest] = await empty.sql<{ name: string; sha256: string }>(
      'delete from workflow.schema_migrations m where m.version = (select max(version) from workflow.schema_migrations) returning m.*',
    );
    const { app, get } = await start();
    const begun = jest.fn();
    app.get(Lifecycle).onBegin(begun);
    await waitFor(async () => (await get('/health/ready')).text.includes('the schema is too old'));
    expect([begun.mock.calls, await empty.sql('select from workflow.workflow_workers')]).toEqual([[], []]);
    await empty.sql('insert into workflow.schema_migrations select * from json_populate_record(null::workflow.schema_migrations, $1)', [
      JSON.stringify(newest),
    ]);
    await waitFor(async () => (await get('/health/ready')).status === 200, { until: 'it is ready' });
    expect(begun).toHaveBeenCalledTimes(1);
  });

  it('lives without its database: live, not ready, degraded with reasons', async () => {
    const { get } = await start({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' });
    await waitFor(async () => (await get('/health/ready')).text.includes('the database does not answer'));
    const health = await get('/health');
    expect([health.status, health.body.status, (await get('/health/live')).status]).toEqual([503, 'degraded', 200]);
    expect(health.body.reasons).toEqual([expect.stringMatching(/^database: /), 'it is not registered as a worker yet']);
  });

  it('is unready while an app says why, and shows what an app tells', async () => {
    await migrate({ adminUrl: empty.url });
    const { app, get } = await start();
    await waitFor(async () => (await get('/health/ready')).status === 200);
    let reason: string | null = 'it has lost its shoes';
    app.get(HealthRegistry).addReadiness(() => reason);
    app.get(HealthRegistry).addDetails('shoes', () => ({ left: 0 }));
    expect(await get('/health/ready')).toMatchObject({ status: 503, body: { status: 'not_ready', reasons: ['it has lost its shoes'] } });
    expect((await get('/health')).body).toMatchObject({ reasons: ['it has lost its shoes'], details: { shoes: { left: 0 } } });
    reason = null;
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('is degraded when a lease has run out and nobody took it', async () => {
    await migrate({ adminUrl: empty.url });
    await empty.sql(
      `select workflow.acquire_lease('scheduler', gen_random_uuid(), 60000); update workflow.leases set expires_at = acquired_at`,
    );
    const { get } = await start();
    expect(await waitFor(async () => (await get('/health')).body.reasons.join() === 'nobody leads scheduler now')).toBe(true);
  });

  it('answers /metrics from its own registry', async () => {
    const { app, get } = await start();
    app.get<Metrics>(METRICS).leader.set({ name: 'scheduler' }, 1);
    const metrics = await get('/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(metrics.text).toContain('orchestrator_leader{name="scheduler",app="scheduler"} 1');
    expect(metrics.text).toContain('process_cpu_seconds_total');
    expect(metrics.text).toContain('workflow_database_connections{state="idle",app="scheduler"}');
  });

  it('gives every answer a request id, the client’s own where it brought a sound one, and helmet’s headers', async () => {
    const { app } = await start();
    const url = `${await app.getUrl()}/health/live`;
    const own = await answerOf(url, { headers: { 'x-request-id': 'abc-123' } });
    const bad = await answerOf(url, { headers: { 'x-request-id': 'a b' } });
    expect(own.headers.get('x-request-id')).toBe('abc-123');
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(own.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('refuses every address but loopback', async () => {
    for (const HOST of ['0.0.0.0', '::', '10.0.0.1', 'example.org', '127.0.0.1.example.org']) {
      const config = configOf({ HOST });
      await expect(createApp(moduleOf(config), config)).rejects.toMatchObject({
        code: 'invalid_config',
        mistakes: [{ name: 'HOST', value: HOST }],
      });
    }
    for (const HOST of ['127.0.0.1', '127.8.9.1', '::1', 'localhost']) {
      const config = configOf({ HOST });
      running.push(await createApp(moduleOf(config), config));
    }
  });

  it('fails to start on a port that is taken, and leaves nothing open', async () => {
    const { app } = await start();
    const { port } = new URL(await app.getUrl());
    const config = configOf({ PORT: port });
    await expect(startApp(moduleOf(config), config)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('stops: unready first, then first steps, then drains from the last registered on; then connections', async () => {
    const { app, get } = await start();
    const lifecycle = app.get(Lifecycle);
    const db = app.get(Database);
    const story: string[] = [];
    lifecycle.onDrain('first registered', async () => void story.push(`drain 1, database ${(await db.query('select 1 as one')).length}`));
    lifecycle.onDrain('failing', () => {
      throw new Error('broken');
    });
    lifecycle.onDrain('last registered', async (hastened) => {
      story.push(`drain 2, ready ${(await get('/health/ready')).status}`);
      await new Promise((resolve) => hastened.addEventListener('abort', resolve));
      story.push('hastened');
    });
    lifecycle.onDrainStart('deprecate', () => void story.push(`begins, draining ${lifecycle.draining.aborted}`));
    const closing = app.close();
    await waitFor(() => story.length === 2);
    lifecycle.hasten();
    await closing;
    expect(story).toEqual(['begins, draining true', 'drain 2, ready 503', 'hastened', 'drain 1, database 1']);
    await expect(db.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' });
  });

  it('survives that all its connections are cut', async () => {
    await migrate({ adminUrl: empty.url });
    const { app, get } = await start();
    await waitFor(async () => (await get('/health/ready')).status === 200);
    await empty.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'singularity-workflow%' and datname = current_database()`,
    );
    await waitFor(async () => (await get('/health')).status === 200, { until: 'all is well again' });
    expect(await app.get(RunStore).openCounts()).toEqual(expect.any(Array));
  });
});
