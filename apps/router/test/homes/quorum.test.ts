// Submissions with durability quorum (R11), where no other region confirms anything: there are no links here. That they are acknowledged when one does is
// shown over real links (core: test/regions/held_messages.links; scenarios of three regions).
import { useMeshRouters } from '../support/mesh-routers.js';

const QUORUM_TIMEOUT_MS = 400;
const routers = useMeshRouters(['asia', 'eu', 'us'], { QUORUM_TIMEOUT_MS: String(QUORUM_TIMEOUT_MS) });
const asia = () => routers.client('asia');
const own = (nth = 0) => routers.tenantOf('asia', nth);
const runs = () =>
  routers.db('asia').sql<{ run_id: string; durability: string }>('select run_id, durability from workflow.workflow_runs order by run_id');

interface Answer {
  code?: string;
  run_id: string;
  status: number | string;
  durability: string;
  results: { outcome: string; run_id: string | null; durability: string | null; error: { code: string } | null }[];
}
const submit = (body: object = {}) =>
  asia().post<Answer>('/api/workflows', { tenant_id: own(), workflow: 'greet', durability: 'quorum', ...body });

beforeEach(async () => {
  for (const region of ['asia', 'eu', 'us']) await routers.db(region).make.define('greet', 'hello');
});

it('is stored, and not acknowledged while nobody confirms it; the answer has the id of the run, and the same key finds it', async () => {
  const first = await submit({ idempotency_key: 'k' });
  expect(first).toMatchObject({ status: 503, body: { code: 'quorum_unavailable', run_id: expect.any(String) } });
  expect(await runs()).toEqual([{ run_id: first.body.run_id, durability: 'quorum' }]);
  expect(await submit({ idempotency_key: 'k' })).toMatchObject({ status: 503, body: { run_id: first.body.run_id } });
  expect(await asia().get(`/api/workflows/${first.body.run_id}`)).toMatchObject({ status: 200, body: { durability: 'quorum' } });
});

it('a local one of the same moment is answered at once', async () => {
  let isWaiting = true;
  const waiting = submit().finally(() => {
    isWaiting = false;
  });
  expect(await submit({ durability: 'local' })).toMatchObject({ status: 202, body: { durability: 'local' } });
  expect(isWaiting).toBe(true);
  expect(await waiting).toMatchObject({ status: 503 });
});

it('in a batch each element says what became of it', async () => {
  const { status, body } = await asia().post<Answer>('/api/workflows/batch', {
    workflows: [
      { tenant_id: own(), workflow: 'greet', durability: 'quorum' },
      { tenant_id: own(), workflow: 'greet' },
      { tenant_id: own(1), workflow: 'nothing', durability: 'quorum' },
    ],
  });
  expect(status).toBe(200);
  expect(body.results).toMatchObject([
    { outcome: 'unconfirmed', run_id: expect.any(String), durability: 'quorum', error: { code: 'quorum_unavailable' } },
    { outcome: 'created', run_id: expect.any(String), durability: 'local', error: null },
    { outcome: 'refused', run_id: null, durability: null, error: { code: 'unknown_workflow' } },
  ]);
});

it('may be what a tenant wants where the submission says nothing', async () => {
  await routers
    .db('asia')
    .sql(`insert into workflow.tenant_registry (tenant_id, residency, default_durability, epoch) values ($1, 'global', 'quorum', 1)`, [
      own(),
    ]);
  expect(await submit({ durability: undefined })).toMatchObject({ status: 503, body: { code: 'quorum_unavailable' } });
  expect(await submit({ durability: 'local' })).toMatchObject({ status: 202, body: { durability: 'local' } });
});

it('is confirmed for a run that a schedule starts at once, too', async () => {
  await routers
    .db('asia')
    .sql(`insert into workflow.tenant_registry (tenant_id, residency, default_durability, epoch) values ($1, 'global', 'quorum', 1)`, [
      own(),
    ]);
  const made = await asia().post('/api/schedules', { tenant_id: own(), name: 's', workflow: 'greet', cron: '@yearly' });
  expect(made.status).toBe(201);
  expect(await asia().post<Answer>(`/api/schedules/s/run?tenant_id=${own()}`, {})).toMatchObject({
    status: 503,
    body: { code: 'quorum_unavailable', run_id: expect.any(String) },
  });
});

it('is not taken for a home that does not answer, nor is one of a tenant that wants it by default', async () => {
  const foreign = routers.tenantOf('eu');
  await routers.stop('eu');
  try {
    await routers
      .db('asia')
      .sql(`insert into workflow.tenant_registry (tenant_id, residency, default_durability, epoch) values ($1, 'global', 'quorum', 1)`, [
        foreign,
      ]);
    expect(await submit({ tenant_id: foreign, durability: undefined })).toMatchObject({ status: 503, body: { code: 'home_unavailable' } });
    const workflows = [{ tenant_id: foreign, workflow: 'greet' }];
    expect((await asia().post<Answer>('/api/workflows/batch', { workflows })).body.results).toMatchObject([
      { outcome: 'refused', error: { code: 'home_unavailable' } },
    ]);
    expect(await routers.db('asia').sql('select from workflow.run_requests')).toEqual([]);
  } finally {
    await routers.start('eu');
  }
});

it('is refused where nobody else votes, and not acknowledged by a home without its lease', async () => {
  await routers.setLease('asia', false);
  expect(await submit()).toMatchObject({ status: 503 });
  expect(await runs()).toEqual([]);
  await routers.db('asia').sql(`update workflow.region_members set state = 'joining' where region <> 'asia'`);
  await routers.setLease('asia', true);
  expect(await submit()).toMatchObject({ status: 422, body: { code: 'quorum_impossible', field: 'durability' } });
});
