import { randomUUID } from 'node:crypto';
import { useRouter } from './support/router.js';

const router = useRouter();
const { db } = router;

interface Command {
  command_id: string;
  state: string;
  group: string | null;
  outcome: string | null;
}

async function member(group: 'primary' | 'standby'): Promise<string> {
  const id = randomUUID();
  const about = {
    worker_id: id,
    app: 'executor',
    role: group,
    orchestrator_group: group,
    host: 'test',
    pid: 1,
    version: '0',
    capacity: 10,
  };
  await db.call('register_worker', [JSON.stringify({ ...about, heartbeat_timeout_ms: 600_000, visibility_timeout_ms: 600_000 })]);
  return id;
}
const lead = async (workerId: string) =>
  (await db.call<{ leads: boolean; token: number }>('lead_group', [workerId, 10_000, 3_600_000]))[0]!;
const ask = (what: string, body?: object) => router.client.post<Command>(`/admin/orchestrator/${what}`, body);

describe('promote', () => {
  it('answers the command, whose state can be read until it is done', async () => {
    const [primary, standby] = [await member('primary'), await member('standby')];
    await lead(primary);
    const { status, body } = await ask('promote', { worker_id: standby, reason: 'maintenance' });
    expect([status, body]).toMatchObject([202, { kind: 'promote', state: 'requested', group: 'standby', drain_ms: 3_000, outcome: null }]);
    await lead(primary);
    expect(await lead(standby)).toMatchObject({ leads: true, token: 2 });
    const { body: read } = await router.client.get<Command>(`/admin/orchestrator/commands/${body.command_id}`);
    expect(read).toMatchObject({ state: 'done', outcome: 'standby leads with token 2', token: 2 });
  });

  it('needs no body: the best standby is meant', async () => {
    const [primary] = [await member('primary'), await member('standby')];
    await lead(primary);
    expect(await ask('promote')).toMatchObject({ status: 202, body: { group: 'standby' } });
  });

  it('says why not', async () => {
    const primary = await member('primary');
    await lead(primary);
    expect(await ask('promote')).toMatchObject({ status: 409, body: { code: 'no_candidate' } });
    expect(await ask('promote', { worker_id: randomUUID() })).toMatchObject({ status: 404, body: { code: 'worker_unknown' } });
    expect(await ask('promote', { worker: primary })).toMatchObject({ status: 422, body: { code: 'unknown_field', field: 'worker' } });
    expect(await ask('promote', { drain_ms: -1 })).toMatchObject({ status: 422, body: { field: 'drain_ms' } });
    await member('standby');
    const first = await ask('promote');
    expect(await ask('promote')).toMatchObject({ status: 409, body: { code: 'command_pending', command_id: first.body.command_id } });
  });
});

describe('stop and fence', () => {
  it('drain the group that leads', async () => {
    const primary = await member('primary');
    await lead(primary);
    expect(await ask('stop')).toMatchObject({ status: 202, body: { kind: 'stop', group: 'primary', drain_ms: 30_000 } });
    expect((await router.client.get(`/api/workers/${primary}`)).body).toMatchObject({ state: 'deprecated' });
  });

  it('fence any lease that there is', async () => {
    await db.make.leaderToken('scheduler');
    expect(await ask('fence', { lease: 'scheduler' })).toMatchObject({ status: 202, body: { kind: 'fence', lease: 'scheduler' } });
    expect(await ask('fence', { lease: 'nobody' })).toMatchObject({ status: 404, body: { code: 'unknown_lease' } });
  });

  it('are refused where nobody leads', async () => {
    expect(await ask('stop')).toMatchObject({ status: 409, body: { code: 'no_candidate' } });
    expect(await ask('fence')).toMatchObject({ status: 404, body: { code: 'unknown_lease' } });
  });
});

describe('what is shown', () => {
  it('is who leads, who could, and what is under way', async () => {
    const [primary] = [await member('primary'), await member('standby')];
    await lead(primary);
    await ask('promote');
    expect((await router.client.get('/admin/orchestrator')).body).toMatchObject({
      leases: [{ name: 'orchestrator:leader', leader: 'primary', leader_state: 'active', worker_id: primary, token: 1 }],
      groups: [
        { group: 'primary', role: 'primary', workers: 1, capacity: 10 },
        { group: 'standby', role: 'standby', workers: 1 },
      ],
      commands: [{ kind: 'promote', group: 'standby' }],
      split_brains: [],
    });
  });

  it('is what happened, newest first, over pages', async () => {
    const [primary] = [await member('primary'), await member('standby')];
    await lead(primary);
    await ask('promote', { reason: 'one' });
    await db.sql('update workflow.orchestrator_commands set overdue_at = workflow.clock()');
    await ask('promote', { reason: 'two' });
    interface Page {
      events: { reason: string }[];
      commands: { reason: string }[];
      next_cursor: string | null;
    }
    const first = (await router.client.get<Page>('/admin/orchestrator/events?limit=2')).body;
    const rest = (await router.client.get<Page>(`/admin/orchestrator/events?cursor=${first.next_cursor}`)).body;
    expect([...first.events, ...rest.events].map(({ reason }) => reason)).toEqual([
      'promote of standby: two',
      'promote: it was not done in time',
      'promote of standby: one',
      'orchestrator:leader: nobody led before; primary leads with token 1',
    ]);
    const commands = (await router.client.get<Page>('/admin/orchestrator/commands?limit=1')).body;
    expect(commands.commands.map(({ reason }) => reason)).toEqual(['two']);
    expect((await router.client.get(`/admin/orchestrator/commands/${randomUUID()}`)).status).toBe(404);
  });

  it('is who believes what is not so', async () => {
    const primary = await member('primary');
    await lead(primary);
    await db.clock.advance(2_000);
    await db.call('heartbeat', [primary, '[]', 7]);
    expect((await router.client.get('/admin/orchestrator')).body).toMatchObject({
      split_brains: [{ lease: 'orchestrator:leader', worker_id: primary, believed: 7, token: 1 }],
    });
    const { status, body } = await router.client.get<{ reasons: string[] }>('/health');
    expect([status, body.reasons]).toEqual([
      503,
      [`split brain: worker ${primary} believes that it leads orchestrator:leader with token 7; its token is 1`],
    ]);
  });
});
