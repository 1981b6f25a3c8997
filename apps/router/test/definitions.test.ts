import { useRouter } from './support/router.js';

const router = useRouter();

const definition = {
  slug: 'fulfil',
  max_attempts: 5,
  steps: [{ slug: 'reserve' }, { slug: 'ship', kind: 'map', over: 'reserve.parcels' }],
};

describe('definitions', () => {
  it('are registered once, and anew where they differ', async () => {
    const first = await router.client.post('/api/definitions', definition);
    expect(first).toMatchObject({ status: 201, body: { slug: 'fulfil', version: 1, created: true, activated: true } });
    const again = await router.client.post('/api/definitions', definition);
    expect(again).toMatchObject({ status: 200, body: { version: 1, created: false, definition_id: first.body['definition_id'] } });
    const changed = await router.client.post('/api/definitions', { ...definition, max_attempts: 6 });
    expect(changed).toMatchObject({ status: 201, body: { version: 2, created: true, activated: true } });
  });

  it('are read, listed and drawn', async () => {
    await router.client.post('/api/definitions', definition);
    await router.client.post('/api/definitions', { ...definition, max_attempts: 6 });
    await router.client.post('/api/definitions', { slug: 'greet', steps: [{ slug: 'hello' }] });

    const active = await router.client.get<{ definition: object; mermaid: string }>('/api/definitions/fulfil');
    expect(active.body).toMatchObject({ slug: 'fulfil', version: 2, active: true, definition: { max_attempts: 6 } });
    const former = await router.client.get<{ definition: object; mermaid: string }>('/api/definitions/fulfil/1');
    expect(former.body).toMatchObject({ version: 1, active: false, definition });
    expect(former.body.mermaid).toContain('s0 -->|"each of parcels"| s1');
    const drawn = await router.client.get<string>('/api/definitions/fulfil/1?format=mermaid');
    expect(drawn.body).toBe(former.body.mermaid);
    expect(drawn.headers.get('content-type')).toBe('text/plain; charset=utf-8');

    const list = await router.client.get<{ definitions: object[]; next_cursor: string }>('/api/definitions?limit=1');
    expect(list.body.definitions).toEqual([expect.objectContaining({ slug: 'fulfil', active_version: 2, latest_version: 2 })]);
    const rest = await router.client.get<{ definitions: object[] }>(`/api/definitions?limit=5&cursor=${list.body.next_cursor}`);
    expect(rest.body).toEqual({ definitions: [expect.objectContaining({ slug: 'greet' })], next_cursor: null });

    const versions = await router.client.get<{ versions: { version: number }[]; next_cursor: string }>(
      '/api/definitions/fulfil/versions?limit=1',
    );
    expect(versions.body.versions.map(({ version }) => version)).toEqual([2]);
    const older = await router.client.get<{ versions: { version: number }[] }>(
      `/api/definitions/fulfil/versions?cursor=${versions.body.next_cursor}`,
    );
    expect(older.body.versions.map(({ version }) => version)).toEqual([1]);
  });

  it('are activated by an operator', async () => {
    await router.client.post('/api/definitions', definition);
    await router.client.post('/api/definitions', { ...definition, max_attempts: 6 });
    expect(await router.client.post('/api/definitions/fulfil/1/activate')).toMatchObject({
      status: 200,
      body: { slug: 'fulfil', version: 1 },
    });
    expect((await router.client.get('/api/definitions/fulfil')).body).toMatchObject({ version: 1, active: true });
  });

  it.each<[string, unknown, string]>([
    ['a cycle', [{ slug: 'r' }, { slug: 'a', depends_on: ['b'] }, { slug: 'b', depends_on: ['a'] }], 'definition_cycle'],
    ['an unknown dependency', [{ slug: 'a', depends_on: ['b'] }], 'unknown_dependency'],
    ['no root', [{ slug: 'a', depends_on: ['a'] }], 'no_root_step'],
    ['a map with two sources', [{ slug: 'a' }, { slug: 'b' }, { slug: 'm', kind: 'map', depends_on: ['a', 'b'] }], 'map_with_many_sources'],
    ['a step twice', [{ slug: 'a' }, { slug: 'a' }], 'duplicate_step'],
    ['a bad slug', [{ slug: 'No Slug' }], 'bad_slug'],
    ['no steps', [], 'invalid_definition'],
    ['too many steps', Array.from({ length: 1_001 }, (_, i) => ({ slug: `s${i}` })), 'too_many_steps'],
    ['a bad option', [{ slug: 'a', max_attempts: 0 }], 'bad_option'],
    ['a huge option', [{ slug: 'a', timeout_ms: 1e300 }], 'bad_option'],
    ['a fractional option', [{ slug: 'a', max_attempts: 1.5 }], 'bad_option'],
    ['an unknown kind', [{ slug: 'a', kind: 'loop' }], 'bad_option'],
    ['a bad queue', [{ slug: 'a', queue: 'No Queue' }], 'bad_queue'],
  ])('are refused with a code of its own for %s', async (_, steps, code) => {
    expect(await router.client.post('/api/definitions', { slug: 'w', steps })).toMatchObject({
      status: 422,
      body: { code, field: expect.any(String) },
    });
    expect(await router.client.get('/api/definitions/w')).toMatchObject({ status: 404 });
  });
});
