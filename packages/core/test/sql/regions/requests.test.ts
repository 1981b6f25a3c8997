// Submissions for a tenant whose home does not answer: taken here, started where the home is.
import { json } from '@singularity-workflow/testkit';
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
interface Taken {
  outcome: string;
  run_id: string | null;
  status: string | null;
  code: string | null;
  field: string | null;
}
interface LearntKey {
  role?: string;
  tenants?: string[];
  expires?: string | null;
  revoked?: string | null;
}
const take = (...requests: object[]) => db.call<Taken>('request_runs', [json(requests)]);
const startAll = async (limit = 100) =>
  db.call<{ request_id: string; outcome: string | null; run_id: string; code: string | null }>('start_requested_runs', [
    await db.make.leaderToken(),
    limit,
  ]);
const outcomeOf = async (id: string) =>
  (await db.call<{ outcome: string; run_id: string; code: string | null }>('read_run_request', [id]))[0];
const foreign = () => homes.tenantOf('b');

describe('request_runs', () => {
  beforeEach(async () => {
    await homes.found();
    await db.make.define('w', 'a');
  });

  it('answers with the id that the run will have, and stores nothing of the run', async () => {
    const [taken] = await take({ tenant_id: foreign(), workflow: 'w', input: { n: 1 } });
    expect(taken).toMatchObject({ outcome: 'requested', status: 'requested', code: null });
    expect(await outcomeOf(taken!.run_id!)).toMatchObject({ outcome: 'requested', run_id: null });
    expect(await db.sql('select * from workflow.workflow_runs')).toEqual([]);
    expect(await db.sql('select writer, placement_group from workflow.run_requests')).toEqual([
      { writer: homes.members.here, placement_group: await homes.groupOf(foreign()) },
    ]);
  });

  it('refuses what no home would take, each element for itself', async () => {
    expect(
      await take(
        { tenant_id: foreign(), workflow: 'w', priority: 'urgent' },
        { tenant_id: foreign(), workflow: 'w', durability: 'quorum' },
        { tenant_id: foreign(), workflow: 'w' },
      ),
    ).toMatchObject([
      { outcome: 'refused', code: 'invalid_request', field: 'priority', run_id: null },
      { outcome: 'refused', code: 'quorum_unavailable', field: 'durability', run_id: null },
      { outcome: 'requested' },
    ]);
  });

  it('takes one for a workflow that has not arrived here yet', async () => {
    expect(await take({ tenant_id: foreign(), workflow: 'elsewhere' })).toMatchObject([{ outcome: 'requested' }]);
  });

  describe('with a key', () => {
    const request = () => ({ tenant_id: foreign(), workflow: 'w', input: 1, idempotency_key: 'k' });

    it('twice is once, in one call and in two', async () => {
      const [first, second] = await take(request(), request());
      const [third] = await take(request());
      expect([second!.run_id, third!.run_id]).toEqual([first!.run_id, first!.run_id]);
      expect(await db.sql('select * from workflow.run_requests')).toHaveLength(1);
    });

    it('and another input is a conflict', async () => {
      const [first, second] = await take(request(), { ...request(), input: 2 });
      const [third] = await take({ ...request(), input: 2 });
      for (const answer of [second, third])
        expect(answer).toMatchObject({ outcome: 'conflict', code: 'idempotency_conflict', run_id: first!.run_id });
    });

    it('that a run has is answered with that run', async () => {
      await db.sql('delete from workflow.mesh');
      const [started] = await db.make.startAll([request()]);
      await db.sql('delete from workflow.placement; delete from workflow.placement_history; delete from workflow.region_members');
      await homes.found();
      expect(await take(request(), { ...request(), input: 2 })).toMatchObject([
        { outcome: 'existing', run_id: started!.run_id, status: 'started' },
        { outcome: 'conflict', run_id: started!.run_id },
      ]);
    });

    it('of another tenant, or of another workflow, is another key', async () => {
      await db.make.define('v', 'a');
      const answers = await take(request(), { ...request(), tenant_id: homes.tenantOf('c') }, { ...request(), workflow: 'v' });
      expect(new Set(answers.map(({ run_id }) => run_id)).size).toBe(3);
    });
  });
});

it('request_runs is refused where there is no mesh', async () => {
  await expect(take({ tenant_id: 'acme', workflow: 'w' })).rejects.toMatchObject({ code: 'WF601' });
});

describe('start_requested_runs', () => {
  beforeEach(async () => {
    await homes.found();
    await db.make.define('w', 'a');
  });
  const becomeHome = async () => {
    await homes.move(2, 'here', foreign());
    await homes.adopt();
  };

  it('starts nothing of another home, and all when this is the home', async () => {
    const [taken] = await take({ tenant_id: foreign(), workflow: 'w', input: { n: 1 } });
    expect(await startAll()).toEqual([]);
    await becomeHome();
    expect(await startAll()).toMatchObject([{ request_id: taken!.run_id, outcome: 'started', run_id: taken!.run_id }]);
    expect(await db.make.run(taken!.run_id!)).toMatchObject({ status: 'started', input: { n: 1 }, home_epoch: 2 });
    expect(await (await db.make.worker()).claimOne()).toMatchObject({ run_id: taken!.run_id });
    expect(await startAll()).toEqual([]);
    expect(await outcomeOf(taken!.run_id!)).toMatchObject({ outcome: 'started', run_id: taken!.run_id });
  });

  it('merges a request into the run that has its key: one run a key, whoever took it', async () => {
    const request = { tenant_id: foreign(), workflow: 'w', input: 1, idempotency_key: 'k' };
    const [first] = await take(request);
    const second = '01900000-0000-7000-8000-000000000001'; // that another region took at the same time
    await db.sql(
      `insert into workflow.run_requests select $1, residency, $2, written_tick, tenant_id, placement_group, request, key_id, requested_at from workflow.run_requests`,
      [second, homes.members.c],
    );
    await becomeHome();
    await startAll();
    const outcomes = [await outcomeOf(first!.run_id!), await outcomeOf(second)];
    expect(outcomes.map((outcome) => outcome!.outcome).toSorted()).toEqual(['merged', 'started']);
    expect(outcomes[0]!.run_id).toBe(outcomes[1]!.run_id);
    expect(await db.sql('select * from workflow.workflow_runs')).toHaveLength(1);
  });

  it('says why a request is refused', async () => {
    await db.make.define({ slug: 'm', steps: [{ slug: 'a', kind: 'map' }] });
    const session = await db.session();
    await session.sql(`delete from workflow.workflow_versions where slug = 'm'`);
    const [taken] = await take({ tenant_id: foreign(), workflow: 'm', input: 1 });
    await db.make.define({ slug: 'm', steps: [{ slug: 'a', kind: 'map' }] });
    await becomeHome();
    expect(await startAll()).toMatchObject([{ outcome: 'refused', code: 'type_violation', run_id: null }]);
    expect(await outcomeOf(taken!.run_id!)).toMatchObject({ outcome: 'refused', code: 'type_violation' });
  });

  it('waits ten minutes for a workflow that has not arrived, then refuses', async () => {
    const [taken] = await take({ tenant_id: foreign(), workflow: 'late' });
    await becomeHome();
    expect(await startAll()).toMatchObject([{ outcome: null }]);
    await homes.extendLease();
    await db.clock.advance(600_001);
    expect(await startAll()).toMatchObject([{ outcome: 'refused', code: 'unknown_workflow' }]);
    expect(await outcomeOf(taken!.run_id!)).toMatchObject({ outcome: 'refused' });
  });

  describe('of a request that came with an API key', () => {
    const keyId = '01900000-0000-7000-8000-00000000000a';
    const taken = async () => {
      const [answer] = await db.call<Taken>('request_runs', [json([{ tenant_id: foreign(), workflow: 'w' }]), keyId]);
      await becomeHome();
      return answer!.run_id!;
    };
    const learnKey = ({ role = 'operator', tenants = [], expires = null, revoked = null }: LearntKey = {}) =>
      db.sql(
        `insert into workflow.api_keys (key_id, key_sha256, name, role, tenants, created_at, expires_at, revoked_at, epoch)
         values ($1, sha256('k'), 'k', $2, $3, now(), $4, $5, 2)`,
        [keyId, role, tenants, expires, revoked],
      );

    it('waits until the home knows the key', async () => {
      const runId = await taken();
      expect(await startAll()).toEqual([]);
      expect(await outcomeOf(runId)).toMatchObject({ outcome: 'requested' });
      await learnKey();
      expect(await startAll()).toMatchObject([{ request_id: runId, outcome: 'started' }]);
    });

    it.each([
      ['was revoked', { revoked: '2026-01-01T00:00:00Z' }],
      ['has expired', { expires: '2026-01-01T00:00:00Z' }],
      ['is of another tenant', { role: 'tenant', tenants: ['somebody-else'] }],
    ])('refuses it where the key %s', async (_, more) => {
      const runId = await taken();
      await learnKey(more);
      await startAll();
      expect(await outcomeOf(runId)).toMatchObject({ outcome: 'refused', code: 'key_not_valid' });
      expect(await db.sql('select from workflow.workflow_runs')).toEqual([]);
    });

    it('refuses it after ten minutes in which the log did not say anything of the key', async () => {
      const runId = await taken();
      await db.sql(`update workflow.run_requests set requested_at = requested_at - interval '11 minutes'`);
      await startAll();
      expect(await outcomeOf(runId)).toMatchObject({ outcome: 'refused', code: 'key_not_valid' });
    });
  });

  it('at a successor that has the run but not the outcome is started still', async () => {
    const [taken] = await take({ tenant_id: foreign(), workflow: 'w' });
    await becomeHome();
    await startAll();
    await db.sql('delete from workflow.run_request_outcomes');
    expect(await startAll()).toMatchObject([{ outcome: 'started', run_id: taken!.run_id }]);
    expect(await db.sql('select * from workflow.workflow_runs')).toHaveLength(1);
  });

  it('does not start again what was deleted since', async () => {
    const [taken] = await take({ tenant_id: foreign(), workflow: 'w' });
    await becomeHome();
    await startAll();
    await db.call('cancel_runs', [[taken!.run_id]]);
    await db.call('delete_runs', [[taken!.run_id]]);
    await db.sql('delete from workflow.run_request_outcomes');
    await startAll();
    expect(await db.sql('select * from workflow.workflow_runs')).toEqual([]);
    expect(await outcomeOf(taken!.run_id!)).toMatchObject({ outcome: 'started' });
  });

  it('is as many as asked for, oldest first', async () => {
    const taken = await take(
      { tenant_id: foreign(), workflow: 'w' },
      { tenant_id: foreign(), workflow: 'w' },
      { tenant_id: foreign(), workflow: 'w' },
    );
    await becomeHome();
    expect((await startAll(2)).map(({ request_id }) => request_id)).toEqual(
      taken
        .map(({ run_id }) => run_id)
        .toSorted((a, b) => (a! < b! ? -1 : 1))
        .slice(0, 2),
    );
    expect(await startAll(2)).toHaveLength(1);
  });

  it('of several outcomes that of the highest tenure counts, and an adoption brings it under its own', async () => {
    const [taken] = await take({ tenant_id: foreign(), workflow: 'w' });
    await becomeHome();
    await startAll();
    await homes.move(3, 'b', foreign());
    await homes.move(4, 'here', foreign());
    await homes.adopt();
    expect(await db.sql('select home_epoch from workflow.run_request_outcomes order by 1')).toEqual([{ home_epoch: 2 }, { home_epoch: 4 }]);
    await db.sql(`update workflow.run_request_outcomes set outcome = 'refused', run_id = null, code = 'x' where home_epoch = 2`);
    expect(await outcomeOf(taken!.run_id!)).toMatchObject({ outcome: 'started' });
  });

  it('is pruned with its outcome', async () => {
    const [taken] = await take({ tenant_id: foreign(), workflow: 'w' }, { tenant_id: homes.tenantOf('c'), workflow: 'w' });
    await becomeHome();
    await startAll();
    const token = await db.make.leaderToken();
    expect(await db.call('prune_run_requests', [token, new Date(0), 10])).toEqual([{ prune_run_requests: 0 }]);
    expect(await db.call('prune_run_requests', [token, new Date('2999-01-01'), 10])).toEqual([{ prune_run_requests: 1 }]);
    expect(await outcomeOf(taken!.run_id!)).toBeUndefined();
    expect(await db.sql('select * from workflow.run_requests')).toHaveLength(1);
  });

  it('is for the leading scheduler only', async () => {
    await db.make.leaderToken();
    await expect(db.call('start_requested_runs', [999, 1])).rejects.toMatchObject({ code: 'WF302' });
    await expect(db.call('prune_run_requests', [999, new Date(), 1])).rejects.toMatchObject({ code: 'WF302' });
  });
});
