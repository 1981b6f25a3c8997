import type { OpenAPIObject } from '@nestjs/swagger';
import type { z } from 'zod';
import { Definition, DefinitionPage, Registered, VersionPage } from '../src/wire/definition.wire.js';
import { Queues, Worker, WorkerPage } from '../src/wire/fleet.wire.js';
import { Command, CommandPage, FailoverEventPage, Leaders } from '../src/wire/orchestrator.wire.js';
import { Problem } from '../src/wire/problem.js';
import { ConflictPage, Regions, Tenant, Topology } from '../src/wire/region.wire.js';
import { Run, RunPage, Started, StartedBatch, Steps } from '../src/wire/run.wire.js';
import { useRouter } from './support/router.js';

const router = useRouter();
const { db } = router;

const ROUTES = [
  'DELETE /api/keys/{id}',
  'DELETE /api/regions/{id}',
  'DELETE /api/schedules/{name}',
  'DELETE /api/workflows/{run_id}',
  'GET /admin/orchestrator',
  'GET /admin/orchestrator/commands',
  'GET /admin/orchestrator/commands/{command_id}',
  'GET /admin/orchestrator/events',
  'GET /api/definitions',
  'GET /api/definitions/{slug}',
  'GET /api/definitions/{slug}/versions',
  'GET /api/definitions/{slug}/{version}',
  'GET /api/keys',
  'GET /api/queues',
  'GET /api/regions',
  'GET /api/regions/commands/{command_id}',
  'GET /api/replication/conflicts',
  'GET /api/replication/conflicts/{conflict_id}',
  'GET /api/schedules',
  'GET /api/schedules/{name}',
  'GET /api/tenants/{id}',
  'GET /api/topology',
  'GET /api/workers',
  'GET /api/workers/{id}',
  'GET /api/workflows',
  'GET /api/workflows/{run_id}',
  'GET /api/workflows/{run_id}/events',
  'GET /api/workflows/{run_id}/steps',
  'POST /admin/orchestrator/fence',
  'POST /admin/orchestrator/promote',
  'POST /admin/orchestrator/stop',
  'POST /api/definitions',
  'POST /api/definitions/{slug}/{version}/activate',
  'POST /api/keys',
  'POST /api/regions',
  'POST /api/regions/{id}/evacuate',
  'POST /api/regions/{id}/failover',
  'POST /api/regions/{id}/restore',
  'POST /api/regions/{id}/resync',
  'POST /api/schedules',
  'POST /api/schedules/{name}/run',
  'POST /api/tenants/{id}/move',
  'POST /api/workers/{id}/drain',
  'POST /api/workflows',
  'POST /api/workflows/batch',
  'POST /api/workflows/cancel',
  'POST /api/workflows/execute',
  'POST /api/workflows/retry',
  'POST /api/workflows/{run_id}/cancel',
  'POST /api/workflows/{run_id}/pause',
  'POST /api/workflows/{run_id}/resume',
  'POST /api/workflows/{run_id}/retry',
  'PUT /api/schedules/{name}',
  'PUT /api/tenants/{id}',
];

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => (key === '$ref' && typeof child === 'string' ? [child] : referencesIn(child)));
}

describe('the OpenAPI document', () => {
  it('has every route of the API, with an answer and a problem for what is refused', async () => {
    const { body } = await router.client.get<OpenAPIObject>('/openapi.json');
    const routes = Object.entries(body.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.filter((route) => /\/(api|admin)\//.test(route)).toSorted()).toEqual(ROUTES);
    for (const [path, item] of Object.entries(body.paths)) {
      if (!/^\/(api|admin)\//.test(path)) continue;
      for (const operation of Object.values(item) as { responses: Record<string, { content?: object }>; summary?: string }[]) {
        expect(operation.summary).toEqual(expect.any(String));
        const statuses = Object.keys(operation.responses);
        expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
        expect(operation.responses['422']?.content).toHaveProperty(['application/problem+json']);
      }
    }
  });

  it('refers to nothing that it does not have', async () => {
    const { body } = await router.client.get<OpenAPIObject>('/openapi.json');
    const missing = referencesIn(body).filter(
      (reference) => !(reference.replace('#/components/schemas/', '') in (body.components?.schemas ?? {})),
    );
    expect(missing).toEqual([]);
    expect(body.openapi).toMatch(/^3\.0/);
  });

  it('says what a start takes', async () => {
    const { body } = await router.client.get<OpenAPIObject>('/openapi.json');
    expect(body.paths['/api/workflows']?.post?.requestBody).toEqual({
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/StartWorkflow' } } },
    });
    expect(body.components?.schemas?.['StartWorkflow']).toMatchObject({
      type: 'object',
      required: ['tenant_id', 'workflow'],
      additionalProperties: false,
      properties: {
        tenant_id: { type: 'string', minLength: 1, maxLength: 128 },
        labels: { maxProperties: 32 },
        priority: { enum: ['low', 'normal', 'high'] },
      },
    });
  });

  it('can be looked at with Swagger UI', async () => {
    const page = await router.client.get<string>('/docs');
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('swagger-ui') });
    expect((await router.client.get('/docs/swagger-ui-bundle.js')).status).toBe(200);
  });
});

describe('what is answered is what the document says', () => {
  it('for every read and every start', async () => {
    await db.make.define({ slug: 'greet', max_attempts: 1, steps: [{ slug: 'hello' }, { slug: 'bye', kind: 'map', over: 'hello' }] });
    const worker = await db.make.worker();
    const failed = await router.client.start('greet', 1, { labels: { a: 'b' }, deadline: '2099-01-01T00:00:00Z', idempotency_key: 'k' });
    await worker.fail(await worker.claimOne(), { message: 'no' });
    const open = await router.client.start('greet');
    await worker.complete(await worker.claimOne(), [1, 2]);

    const start = { tenant_id: 'acme', workflow: 'greet' };
    const answers: [z.ZodType, Promise<{ body: unknown }>][] = [
      [Started, router.client.post('/api/workflows', start)],
      [StartedBatch, router.client.post('/api/workflows/batch', { workflows: [start, 7] })],
      [RunPage, router.client.get('/api/workflows')],
      [Run, router.client.get(`/api/workflows/${failed}`)],
      [Steps, router.client.get(`/api/workflows/${failed}/steps`)],
      [Steps, router.client.get(`/api/workflows/${open}/steps`)],
      [Registered, router.client.post('/api/definitions', { slug: 'w', steps: [{ slug: 'a' }] })],
      [DefinitionPage, router.client.get('/api/definitions')],
      [VersionPage, router.client.get('/api/definitions/greet/versions')],
      [Definition, router.client.get('/api/definitions/greet')],
      [Queues, router.client.get('/api/queues')],
      [WorkerPage, router.client.get('/api/workers')],
      [Worker, router.client.get(`/api/workers/${worker.id}`)],
      [Leaders, router.client.get('/admin/orchestrator')],
      [Command, router.client.post('/admin/orchestrator/stop', { worker_id: worker.id })],
      [CommandPage, router.client.get('/admin/orchestrator/commands')],
      [FailoverEventPage, router.client.get('/admin/orchestrator/events')],
      [Regions, router.client.get('/api/regions')],
      [Tenant, router.client.get('/api/tenants/acme')],
      [Topology, router.client.get('/api/topology')],
      [ConflictPage, router.client.get('/api/replication/conflicts')],
      [Problem, router.client.get('/api/workers/7')],
    ];
    for (const [schema, answer] of answers) {
      const { body } = await answer;
      expect({ body, error: schema.safeParse(body).error?.issues }).toEqual({ body, error: undefined });
    }
  });
});
