// What a home tells in failover_events of its groups, links and commands.
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
const told = () =>
  db.sql<{ kind: string; reason: string }>(
    'select kind, subject, former, successor, reason, without_ms::int from workflow.failover_events order by event_id',
  );

beforeEach(() => homes.found());

describe('planned moves', () => {
  const groups = async () => [await homes.groupOf(homes.tenantOf('here')), await homes.groupOf(homes.tenantOf('here', 1))];
  const begin = async (which: string[]) => db.call('begin_move', [await homes.token(), which, 'b', 60_000, 'an operator empties here']);

  it('are told when they begin, each group once, and keep why for the decision', async () => {
    const [first, second] = await groups();
    await begin([first!]);
    await begin([first!, second!]);
    await begin([first!, second!]);
    expect(await told()).toMatchObject([
      { kind: 'moves_begun', subject: 'here', former: 'here', successor: 'b', reason: '1 group goes to b: an operator empties here' },
      { kind: 'moves_begun', reason: '1 group goes to b: an operator empties here' },
    ]);
    await db.clock.advance(1_500);
    expect(await db.call('observe_moves')).toMatchObject([{ reason: 'an operator empties here' }, { reason: 'an operator empties here' }]);
    const [{ marked_ms: markedMs }] = (await db.call('observe_moves')) as [{ marked_ms: number }];
    expect(Number(markedMs)).toBeGreaterThanOrEqual(1_500);
  });

  it('are told when they are given up, and not when nothing was', async () => {
    await begin(await groups());
    const giveUp = async () =>
      db.call('give_up_move', [await homes.token(), await groups(), 'b has not confirmed what was written of them']);
    await giveUp();
    await giveUp();
    expect((await told()).slice(1)).toMatchObject([
      { kind: 'moves_given_up', former: 'b', successor: 'here', reason: '2 groups stay: b has not confirmed what was written of them' },
    ]);
  });
});

describe('an adoption', () => {
  const decide = async (epoch: number, value: object) =>
    db.sql('insert into workflow.topology (epoch, value, decided_at, learned_at) values ($1, $2, now(), workflow.clock())', [
      epoch,
      JSON.stringify({ version: 1, kind: 'takeover', region: 'b', from: homes.members.b, groups: {}, ...value }),
    ]);

  it('is told when the last group of the epoch has its marker, with how long they had no home', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w', {}, { tenant_id: homes.tenantOf('here') });
    await homes.move(2, 'here', homes.tenantOf('b'), homes.tenantOf('b', 1));
    await db.clock.freeze();
    await decide(2, { without_ms: 8_000 });
    await db.clock.advance(1_234);
    expect(await homes.adopt()).toHaveLength(2);
    expect(await told()).toMatchObject([
      {
        kind: 'groups_adopted',
        subject: 'here',
        former: 'b',
        successor: 'here',
        reason: 'here executes 2 groups of b, after 9234 ms without a home (epoch 2)',
        without_ms: 9_234,
      },
    ]);
  });

  it('of late rows is not told', async () => {
    await homes.move(2, 'here', homes.tenantOf('b'));
    await decide(2, {});
    await homes.adopt();
    await homes.adopt();
    expect(await told()).toMatchObject([{ reason: expect.stringMatching(/^here executes group global\/\d+ of b \(epoch 2\)$/) as string }]);
  });
});

describe('claims', () => {
  it('are told when they are stopped and when they go on, once each', async () => {
    const throttle = async (bytes: number) => db.call('throttle_claims', [await homes.token(), bytes]);
    await throttle(10);
    await throttle(10);
    await db.sql(`update workflow.region_members set state = 'joining' where region <> 'here'`);
    await throttle(10);
    await throttle(10);
    const sentence = (bytes: number) => `claims are stopped: 0 of the regions that would confirm are within ${bytes} bytes, 1 must be`;
    expect(await told()).toMatchObject([
      { kind: 'claims_stopped', subject: 'here', reason: sentence(10) },
      { kind: 'claims_go_on', subject: 'here', reason: `claims go on (${sentence(5)})` },
    ]);
  });
});

describe('a command of an operator', () => {
  const request = async (command: string, given: object, by: string | null) =>
    (await db.call<{ command_id: string }>('request_region_command', [JSON.stringify({ command, arguments: given, requested_by: by })]))[0]!
      .command_id;
  const finish = async (id: string, state: string, outcome: string) =>
    db.call('finish_region_command', [await homes.token(), id, state, outcome]);

  it('is told when it is over, with who asked', async () => {
    const id = await request('evacuate', { region: 'b' }, 'ops (key 17)');
    await finish(id, 'working', 'it goes on');
    await finish(id, 'done', 'b holds no group any more');
    await finish(id, 'done', 'b holds no group any more');
    await finish(await request('resync', { region: 'c' }, null), 'failed', 'there is no region c');
    expect(await told()).toMatchObject([
      { kind: 'region_command_done', subject: 'b', reason: 'evacuate, asked by ops (key 17): b holds no group any more' },
      { kind: 'region_command_failed', subject: 'c', reason: 'resync, asked by an operator: there is no region c' },
    ]);
  });

  it('that registers tenants is not told: there may be thousands', async () => {
    await finish(await request('register', { tenants: [{ tenant_id: 'acme' }] }, null), 'done', '1 tenant is registered');
    expect(await told()).toEqual([]);
  });
});

it('another set of standbys that peers wait for is told by whoever leads only (note_standby_slots)', async () => {
  const note = async (token: number) =>
    db.call('note_standby_slots', [token, 'two', 'one', 'wait for standby one from now on: it streams']);
  const token = await homes.token();
  await expect(note(token - 1)).rejects.toMatchObject({ code: 'WF302' });
  await note(token);
  expect(await told()).toMatchObject([
    {
      kind: 'standby_slots_set',
      subject: 'here',
      former: 'two',
      successor: 'one',
      reason: 'wait for standby one from now on: it streams',
    },
  ]);
});

describe('a link', () => {
  const link = (generation: number) =>
    db.sql(
      `insert into workflow.mesh_links (member_id, region, slot_name, generation, address_sha256, made_at, copied_at, copied_position)
       values ($1, 'b', 'a_slot', $2, 'x', now(), now(), '0/10')`,
      [homes.members.b, generation],
    );
  const subscription = async () =>
    (await db.sql<{ name: string }>('select workflow.subscription_of($1) as name', [homes.members.b]))[0]!.name;
  const drop = async () =>
    db.call('drop_link', [
      await homes.token(),
      await subscription(),
      true,
      'make the link from b anew, by a copy: slot a_slot is lost there',
    ]);
  const whole = async () => db.call('note_whole', [await homes.token(), homes.members.b, 'a_slot', '0/20']);

  it('whose slot was lost is told, once', async () => {
    await link(1);
    await drop();
    await drop();
    expect(await told()).toMatchObject([
      { kind: 'link_lost', subject: 'b', reason: 'make the link from b anew, by a copy: slot a_slot is lost there' },
    ]);
  });

  it('that was made anew is told when it is whole, and one that is new is not', async () => {
    await link(1);
    await whole();
    expect(await told()).toEqual([]);
    await db.sql('delete from workflow.mesh_links');
    await link(2);
    await whole();
    await whole();
    expect(await told()).toMatchObject([{ kind: 'link_whole', subject: 'b', reason: 'the link from b is whole: confirmed to 0/20' }]);
  });
});
