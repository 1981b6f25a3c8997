import { type Asked, mayAsk, subjectOf } from '../../src/keys/permissions.js';

const asked = (call: string, more: Partial<Asked> = {}): Asked => {
  const [method, route] = call.split(' ') as [string, string];
  return { method, route, params: {}, query: {}, body: undefined, ...more };
};

describe('a key of role tenant', () => {
  it.each<[string, Partial<Asked>, (string | null)[]]>([
    ['POST /api/workflows', { body: { tenant_id: 'a' } }, ['a']],
    ['POST /api/workflows/execute', { body: { goal: 'w', opts: { tenant_id: 'a' } } }, ['a']],
    ['POST /api/workflows/batch', { body: { workflows: [{ tenant_id: 'a' }, { tenant_id: 'b' }, 7] } }, ['a', 'b', null]],
    ['POST /api/workflows/cancel', { body: { filter: { tenant_id: 'a' } } }, ['a']],
    ['POST /api/workflows/retry', { body: { filter: {} } }, [null]],
    ['GET /api/workflows', { query: { tenant_id: 'a' } }, ['a']],
    ['GET /api/workflows', {}, [null]],
    ['POST /api/schedules', { body: { tenant_id: 'a' }, query: { tenant_id: 'b' } }, ['a']],
    ['POST /api/schedules/:name/run', { body: { tenant_id: 'b' }, query: { tenant_id: 'a' } }, ['a']],
    ['GET /api/schedules', { query: { tenant_id: ['a', 'b'] } }, [null]],
    ['GET /api/tenants/:id', { params: { id: 'a' } }, ['a']],
    ['GET /api/definitions/:slug', {}, []],
  ])('is asked for the tenants of %s', (call, more, tenants) => {
    expect(subjectOf(asked(call, more))).toEqual({ tenants });
  });

  it.each([
    'GET /api/workflows/:run_id',
    'DELETE /api/workflows/:run_id',
    'POST /api/workflows/:run_id/cancel',
    'GET /api/workflows/:run_id/events',
  ])('is asked for the tenant of the run of %s', (call) => {
    expect(subjectOf(asked(call, { params: { run_id: 'r' } }))).toEqual({ runId: 'r' });
  });

  it.each([
    'POST /api/definitions',
    'POST /api/definitions/:slug/:version/activate',
    'GET /api/workers',
    'GET /api/queues',
    'GET /api/regions',
    'GET /api/topology',
    'GET /api/replication/conflicts',
    'PUT /api/tenants/:id',
    'POST /api/tenants/:id/move',
    'POST /admin/orchestrator/stop',
    'GET /api/something/new',
  ])('may not ask %s', (call) => {
    expect(subjectOf(asked(call, { params: { id: 'a' } }))).toBeNull();
  });
});

it('keys are the admin’s alone', () => {
  expect([mayAsk('admin', '/api/keys'), mayAsk('operator', '/api/keys/:id'), mayAsk('tenant', '/api/keys')]).toEqual([true, false, false]);
  expect([mayAsk('operator', '/api/regions'), mayAsk('tenant', '/api/workflows')]).toEqual([true, true]);
});
