import { startsRuns, type Unkeyed, withKeys } from '../../src/forward/keys.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const request = (route: string, json: unknown, headers: Record<string, string> = {}): Unkeyed => ({
  route,
  json,
  headers,
  body: json === undefined ? undefined : Buffer.from(JSON.stringify(json)),
});

describe('a start that is forwarded', () => {
  it.each([
    ['/api/workflows', { tenant_id: 'acme', workflow: 'w' }],
    ['/api/workflows/execute', { goal: 'w', opts: { tenant_id: 'acme' } }],
  ])('to %s gets a key in its header, and its bytes stay', (route, json) => {
    const start = request(route, json, { accept: 'x' });
    const keyed = withKeys(start);
    expect(keyed).toEqual({ headers: { accept: 'x', 'idempotency-key': keyed.key }, body: start.body, key: expect.stringMatching(UUID) });
    expect(withKeys(start).key).not.toBe(keyed.key);
  });

  it.each([
    ['in the header', request('/api/workflows', { workflow: 'w' }, { 'idempotency-key': 'own' })],
    ['in the body', request('/api/workflows', { workflow: 'w', idempotency_key: 'own' })],
    ['in opts', request('/api/workflows/execute', { goal: 'w', opts: { idempotency_key: 'own' } })],
    ['in the body, a wrong one', request('/api/workflows', { workflow: 'w', idempotency_key: null })],
    ['of a run of a schedule', request('/api/schedules/:name/run', { idempotency_key: 'own' })],
  ])('keeps the one that it has %s', (_where, start) => {
    expect(withKeys(start)).toEqual({ headers: start.headers, body: start.body, key: null });
  });

  it('of a batch gets one for each element that has none', () => {
    const workflows = [{ workflow: 'a' }, { workflow: 'b', idempotency_key: 'own' }, 'nonsense', null, { workflow: 'c' }];
    const { body, key } = withKeys(request('/api/workflows/batch', { workflows }));
    const sent = (JSON.parse(body as string) as { workflows: { idempotency_key: string }[] }).workflows;
    expect(sent).toEqual([
      { workflow: 'a', idempotency_key: expect.stringMatching(UUID) },
      { workflow: 'b', idempotency_key: 'own' },
      'nonsense',
      null,
      { workflow: 'c', idempotency_key: expect.stringMatching(UUID) },
    ]);
    expect(sent[0]!.idempotency_key).not.toBe(sent[4]!.idempotency_key);
    expect(key).toBeNull();
  });

  it('of a schedule gets one in its body, where it came without any too', () => {
    const { headers, body, key } = withKeys(request('/api/schedules/:name/run', undefined));
    expect(JSON.parse(body as string)).toEqual({ idempotency_key: key });
    expect(headers).toEqual({ 'content-type': 'application/json' });
  });

  it('that cannot be one is left as it is: who gets it refuses it', () => {
    for (const json of [undefined, null, [], 'text', 1]) {
      for (const route of ['/api/workflows', '/api/workflows/execute', '/api/workflows/batch']) {
        expect(withKeys(request(route, json)).key).toBeNull();
      }
    }
  });
});

it('knows what starts runs', () => {
  expect(['/api/workflows', '/api/workflows/execute', '/api/workflows/batch', '/api/schedules/:name/run'].map((at) => startsRuns('POST', at))).toEqual([
    true, true, true, true,
  ]); // prettier-ignore
  expect(startsRuns('GET', '/api/workflows')).toBe(false);
  expect(startsRuns('POST', '/api/workflows/:run_id/cancel')).toBe(false);
  expect(startsRuns('POST', 'toString')).toBe(false);
});
