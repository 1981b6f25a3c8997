// Commands on runs, and reads of them, at a router whose region is not their home.
import { randomUUID } from 'node:crypto';
import { waitFor } from '@singularity-workflow/testkit';
import { Signer, SIGNATURE_HEADER } from '../../src/homes/signature.js';
import { SECRET, useMeshRouters } from '../support/mesh-routers.js';
import type { RouterClient } from '../support/router.js';

const routers = useMeshRouters(['asia', 'eu']);
const asia = () => routers.client('asia');
const eu = () => routers.db('eu');
const foreign = () => routers.tenantOf('eu');

let runId: string;
beforeEach(async () => {
  await eu().make.define({ slug: 'greet', max_attempts: 1, steps: [{ slug: 'hello' }] });
  runId = await eu().make.start('greet', { n: 1 }, { tenant_id: foreign() });
});

const statusAt = async (region: string) =>
  (await routers.db(region).sql<{ status: string }>('select status from workflow.workflow_runs where run_id = $1', [runId]))[0]?.status;

describe.each([
  ['whose copy is here', true],
  ['whose copy has not come yet', false],
])('a command on a run %s', (_, copied) => {
  beforeEach(async () => {
    if (copied) await routers.carry('eu', 'asia');
  });

  it('is carried out at its home', async () => {
    expect(await asia().post(`/api/workflows/${runId}/pause`)).toMatchObject({ status: 200, body: { status: 'paused', changed: true } });
    expect(await asia().post(`/api/workflows/${runId}/pause`, {})).toMatchObject({ status: 200, body: { changed: false } });
    expect(await asia().post(`/api/workflows/${runId}/resume`)).toMatchObject({ status: 200, body: { status: 'started', changed: true } });
    expect(await asia().post(`/api/workflows/${runId}/cancel`, { reason: 'enough' })).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    expect(await statusAt('eu')).toBe('cancelled');
    expect(await asia().post(`/api/workflows/${runId}/retry`, { from: 'start' })).toMatchObject({
      status: 200,
      body: { status: 'started' },
    });
    expect(await asia().delete(`/api/workflows/${runId}`)).toMatchObject({ status: 409, body: { code: 'run_not_finished' } });
    await asia().post(`/api/workflows/${runId}/cancel`);
    expect(await asia().delete(`/api/workflows/${runId}`)).toMatchObject({ status: 204, body: '' });
    expect(await statusAt('eu')).toBeUndefined();
  });
});

it('refuses a command whose home does not answer, and says whether it was done', async () => {
  await routers.carry('eu', 'asia');
  await routers.stop('eu');
  const { status, body } = await asia().post(`/api/workflows/${runId}/cancel`);
  expect({ status, ...body }).toMatchObject({ status: 503, code: 'home_unavailable', region: 'eu', done: false });
  await routers.start('eu');
  expect(await asia().post(`/api/workflows/${runId}/cancel`)).toMatchObject({ status: 200 });
});

it('knows no run that nobody has', async () => {
  const nobody = randomUUID();
  for (const answer of [
    asia().get(`/api/workflows/${nobody}`),
    asia().get(`/api/workflows/${nobody}/steps`),
    asia().post(`/api/workflows/${nobody}/cancel`),
    asia().delete(`/api/workflows/${nobody}`),
  ])
    expect(await answer).toMatchObject({ status: 404, body: { code: 'run_not_found' } });
});

it('refuses a command on a submission that waits for its home', async () => {
  await routers.stop('eu');
  const { body } = await asia().post<{ run_id: string }>('/api/workflows', { tenant_id: foreign(), workflow: 'greet' });
  await routers.start('eu');
  expect(await asia().post(`/api/workflows/${body.run_id}/cancel`)).toMatchObject({ status: 409, body: { code: 'run_not_started' } });
  expect(await asia().get(`/api/workflows/${body.run_id}/steps`)).toMatchObject({ status: 409, body: { code: 'run_not_started' } });
});

describe('a read', () => {
  interface Read {
    region: string;
    as_of: string;
    status: string;
    runs: { run_id: string; region: string }[];
  }

  it('is answered by the copy, with its home and of what time it is', async () => {
    const written = '2020-01-02T03:04:05.678Z';
    await eu().sql(`insert into workflow.stream_ledger (writer, replicated_through, written_at) values (workflow.own_member(), 7, $1)`, [
      written,
    ]);
    await routers.carry('eu', 'asia');
    const ages = async () =>
      Promise.all([asia().get('/api/workflows'), asia().get(`/api/workflows/${runId}`)]).then((all) =>
        all.map(({ headers: h }) => h.get('x-as-of')),
      );
    // A router remembers homes for a second: those of the test before, too.
    await waitFor(async () => (await ages()).every((age) => age === written), { until: 'the router knows of what time the copies are' });
    const { status, headers, body } = await asia().get<Read>(`/api/workflows/${runId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'started', region: 'eu', epoch: 1, as_of: written });
    expect(headers.get('x-as-of')).toBe(written);
    expect(Number(headers.get('x-replica-lag-ms'))).toBeGreaterThan(1_000_000);
    const steps = await asia().get(`/api/workflows/${runId}/steps`);
    expect(steps.headers.get('x-as-of')).toBe(written);
  });

  it('of what is at home here is of now', async () => {
    await routers.db('asia').make.define('greet', 'hello');
    const own = await routers.db('asia').make.start('greet', {}, { tenant_id: routers.tenantOf('asia') });
    const { body } = await asia().get<Read>(`/api/workflows/${own}`);
    expect(body.region).toBe('asia');
    expect(Date.parse(body.as_of)).toBeGreaterThan(Date.parse('2025-01-01'));
  });

  it('that wants to be certain, or whose copy has not come, is answered by the home', async () => {
    expect(await asia().get<Read>(`/api/workflows/${runId}`)).toMatchObject({ status: 200, body: { status: 'started', region: 'eu' } });
    expect(await asia().get(`/api/workflows/${runId}/steps`)).toMatchObject({ status: 200, body: { run_id: runId } });
    await routers.carry('eu', 'asia');
    await eu().call('cancel_runs', [[runId]]);
    expect(await asia().get<Read>(`/api/workflows/${runId}`)).toMatchObject({ body: { status: 'started' } });
    expect(await asia().get<Read>(`/api/workflows/${runId}?consistency=strong`)).toMatchObject({ body: { status: 'cancelled' } });
  });

  it('lists runs of all regions with their homes, or of one', async () => {
    await routers.carry('eu', 'asia');
    await routers.db('asia').make.define('other', 'hello');
    const own = await routers.db('asia').make.start('other', {}, { tenant_id: routers.tenantOf('asia') });
    const homesOf = async (query: string) =>
      new Map((await asia().get<Read>(`/api/workflows${query}`)).body.runs.map(({ run_id: id, region }) => [id, region]));
    expect(await homesOf('')).toEqual(
      new Map([
        [runId, 'eu'],
        [own, 'asia'],
      ]),
    );
    expect(await homesOf('?region=eu')).toEqual(new Map([[runId, 'eu']]));
    expect(await homesOf('?region=mars')).toEqual(new Map());
  });
});

describe('a signed request', () => {
  const sign = (path: string, { to = 'eu', secret = SECRET, body = undefined as string | undefined, nowMs = Date.now() } = {}) =>
    new Signer({ secrets: [secret], region: 'asia', regions: [], nowMs: () => nowMs }).sign(to, {
      method: body === undefined ? 'GET' : 'POST',
      path,
      body,
    });
  const send = (client: RouterClient, path: string, signature: string, body?: string) =>
    body === undefined ? client.get(path, { [SIGNATURE_HEADER]: signature }) : client.raw(path, body, { [SIGNATURE_HEADER]: signature });
  const start = () => JSON.stringify({ tenant_id: routers.tenantOf('asia'), workflow: 'greet' });

  it('is not forwarded again: it is answered from here or not at all', async () => {
    const body = start();
    const answer = await send(routers.client('eu'), '/api/workflows', sign('/api/workflows', { body }), body);
    expect(answer).toMatchObject({ status: 503, body: { code: 'not_home' } });
    const nobody = `/api/workflows/${randomUUID()}`;
    expect(await send(routers.client('eu'), nobody, sign(nobody))).toMatchObject({ status: 404 });
  });

  it('is refused by name where it is forged, for somebody else, old or replayed, and nothing is stored', async () => {
    const body = start();
    const path = '/api/workflows';
    const refusals: [string, string][] = [
      [sign(path, { body, secret: 'x'.repeat(40) }), 'bad_signature'],
      [sign(path, { body: `${body} ` }), 'bad_signature'],
      [sign(path, { body, to: 'asia' }), 'bad_signature'],
      [sign(path, { body, nowMs: Date.now() - 60_000 }), 'signature_expired'],
      ['nonsense', 'bad_signature'],
    ];
    for (const [signature, code] of refusals)
      expect(await send(routers.client('eu'), path, signature, body)).toMatchObject({
        status: 401,
        body: { code, field: 'x-workflow-signature' },
      });
    const once = sign(`/api/workflows/${runId}`);
    expect(await send(routers.client('eu'), `/api/workflows/${runId}`, once)).toMatchObject({ status: 200 });
    expect(await send(routers.client('eu'), `/api/workflows/${runId}`, once)).toMatchObject({
      status: 401,
      body: { code: 'signature_replayed' },
    });
    expect(await routers.db('eu').sql('select from workflow.workflow_runs')).toHaveLength(1);
  });
});
