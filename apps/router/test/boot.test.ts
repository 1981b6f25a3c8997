import { freePortOf, startRouter } from './support/router.js';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('the router', () => {
  it('boots, registers, becomes ready, and stops in order with streams and waits open', async () => {
    const { app, client } = await startRouter(db.url('workflow_router'));
    await waitFor(async () => (await client.get('/health/ready')).status === 200, { until: 'it is ready' });
    const workers = () => db.sql<{ state: string }>(`select state from workflow.worker_states where app = 'router'`);
    await waitFor(async () => (await workers()).length === 1, { until: 'it is registered' });
    expect(await client.get<string>('/metrics')).toMatchObject({
      status: 200,
      body: expect.stringContaining('workflow_runs_started_total'),
    });

    await db.make.define('greet', 'hello');
    const runId = await client.start('greet');
    const waiting = client.get(`/api/workflows/${runId}?wait=60s`);
    const stream = await fetch(`${client.origin}/api/workflows/${runId}/events`);
    let told = '';
    const toItsEnd = (async () => {
      for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) told += chunk;
    })();
    await waitFor(() => told.includes('run_created'), { until: 'the stream is open and has told what there is' });
    await waitFor(async () => /^workflow_runs_started_total.* 1$/m.test((await client.get<string>('/metrics')).body), {
      until: 'the start is counted',
    });
    await app.close();
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'started' } });
    await toItsEnd;
    expect(stream.status).toBe(200);
    await expect(client.get('/health/live')).rejects.toThrow('fetch failed');
    expect(await workers()).toEqual([{ state: 'stopped' }]);
  });

  it('answers 503 with Retry-After while the database is away, and lives', async () => {
    const { app, client } = await startRouter(`postgres://nobody:secret@127.0.0.1:${await freePortOf()}/nothing`);
    const start = await client.post('/api/workflows', { tenant_id: 'acme', workflow: 'greet' });
    expect(start).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
    expect(start.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(start.body)).not.toContain('secret');
    expect(await client.get('/api/workflows')).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
    expect((await client.get('/health/ready')).status).toBe(503);
    expect((await client.get('/health/live')).status).toBe(200);
    await app.close();
  });
});
