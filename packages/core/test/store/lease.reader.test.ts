import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';
import { Database, EntitySource, LeaseReader, OrchestratorReader } from '../../src/store/index.js';
import { member } from '../sql/orchestrators/support.js';

const server = useTestDatabase();
let db: Database;
beforeAll(() => {
  db = new Database({ url: server.url('workflow_monitor'), poolSize: 2 });
});
afterAll(() => db.close());
const leases = (): LeaseReader => new LeaseReader(new EntitySource(db));

describe('leases', () => {
  it('are read with who leads: of orchestrators a group, in the state of its liveliest worker', async () => {
    const [first, second] = [await member(server, 'primary'), await member(server, 'primary')];
    await first.lead();
    await first.stop();
    expect(await leases().list()).toMatchObject([{ name: 'orchestrator:leader', holderGroup: 'primary', holderState: 'active', token: 1 }]);
    await second.drain();
    expect(await leases().list()).toMatchObject([{ holderState: 'deprecated', wanted: true }]);
  });

  it('of orchestrators are wanted only where an orchestrator lives: who went back to active-active misses no leader', async () => {
    const primary = await member(server, 'primary');
    await primary.lead();
    await server.make.leaderToken('scheduler');
    await primary.stop();
    expect((await leases().list()).map(({ name, expired, wanted }) => [name, expired, wanted])).toEqual([
      ['orchestrator:leader', true, false],
      ['scheduler', false, true],
    ]);
  });

  it('show who believes what is not so: an old token, or the right one of another', async () => {
    const [anna, bert, clara] = [randomUUID(), randomUUID(), randomUUID()];
    for (const workerId of [anna, bert, clara]) await server.make.worker({ workerId, app: 'scheduler' });
    const token = await server.make.leaderToken('scheduler', anna);
    await server.clock.advance(1_500);
    for (const [workerId, believed] of [
      [anna, token],
      [bert, token],
      [clara, token - 1],
    ] as const)
      await server.call('heartbeat', [workerId, '[]', believed]);
    const wrong = (await leases().splitBrains()).map(({ workerId, believed }) => [workerId, believed]);
    expect(new Map(wrong as [string, number][])).toEqual(
      new Map([
        [bert, token],
        [clara, token - 1],
      ]),
    );
  });
});

describe('groups', () => {
  it('are read with their role, who of them could claim, and how long they have been silent', async () => {
    await server.clock.freeze();
    const [first, second] = [await member(server, 'primary'), await member(server, 'primary')];
    await member(server, 'standby', { heartbeatTimeoutMs: 1_000 });
    await second.drain();
    await server.clock.advance(2_000);
    await first.beat();
    await server.clock.advance(500);
    expect(await new OrchestratorReader(db).groups()).toEqual([
      { group: 'primary', role: 'primary', state: 'active', workers: 1, running: 0, capacity: 10, silentMs: 500, livesMs: 2_500 },
      { group: 'standby', role: 'standby', state: 'silent', workers: 0, running: 0, capacity: 0, silentMs: 2_500, livesMs: 0 },
    ]);
  });
});
