import { type TestRegion, useTestMesh } from '@singularity-workflow/testkit';
import { ensureReplication, ensureServiceLogins } from '../../../src/migrate/index.js';

const LINK = { address: 'postgres://region_replicator:x@127.0.0.1:1/x', sha256: 'a', slot: 'a_slot', generation: 1, commit: 'off' };
const short = (id: string) => id.replaceAll('-', '').slice(0, 12);

describe('links of the mesh, in SQL', () => {
  const mesh = useTestMesh(['ap', 'eu', 'us']);
  let eu: TestRegion;
  let us: TestRegion;
  let subscription: string;

  beforeEach(async () => {
    [eu, us] = [mesh.at('eu'), mesh.at('us')];
    await ensureServiceLogins({ adminUrl: eu.db.url() });
    await ensureReplication({ adminUrl: eu.db.url(), password: 'a-password-for-tests' });
    await mesh.found();
    subscription = `sub_${short(eu.memberId)}_from_${short(us.memberId)}`;
  });

  afterEach(async () => {
    for (const { name } of await eu.db.sql<{ name: string }>(
      `select subname as name from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())`,
    ))
      await own('drop_link', [name, false]);
    for (const { name } of await eu.db.sql<{ name: string }>('select pubname as name from pg_publication'))
      await eu.db.sql(`drop publication ${name}`);
  });

  const own = (fn: string, args: unknown[]) => mesh.own('eu', fn, args);
  const monitor = () => eu.db.as('workflow_monitor');
  const links = async () => monitor().call<Record<string, unknown>>('observe_links');
  const linkFromUs = async () => (await links()).find(({ region }) => region === 'us')!;
  const leftovers = () => monitor().call('observe_leftovers');

  it('subscription_of names both members, as the slot and the sender in triggers are named', async () => {
    expect(await monitor().call('subscription_of', [us.memberId])).toEqual([{ subscription_of: subscription }]);
  });

  it('observe_links has a row for every other member, before anything stands', async () => {
    expect(
      (await links()).map(({ region, subscribed, publication_stale: stale, whole }) => ({ region, subscribed, stale, whole })),
    ).toEqual([
      { region: 'ap', subscribed: false, stale: null, whole: false },
      { region: 'us', subscribed: false, stale: null, whole: false },
    ]);
    expect(await leftovers()).toEqual([]);
  });

  it('publish_to makes a publication of the contract, sets what was changed, and never falls behind a version', async () => {
    await own('publish_to', [us.memberId, 12]);
    expect(await linkFromUs()).toMatchObject({ published_version: 12, publication_stale: false });
    const name = `pub_to_${short(us.memberId)}`;
    await eu.db.sql(`alter publication ${name} drop table workflow.step_states`);
    expect(await linkFromUs()).toMatchObject({ publication_stale: true });
    await own('publish_to', [us.memberId, 11]);
    expect(await linkFromUs()).toMatchObject({ published_version: 12, publication_stale: false });
    expect(await eu.db.sql('select pubinsert, pubupdate, pubdelete, pubtruncate from pg_publication where pubname = $1', [name])).toEqual([
      { pubinsert: true, pubupdate: true, pubdelete: false, pubtruncate: false },
    ]);
  });

  it('publish_to gives up soon where somebody holds a table, so that the lease can be renewed', async () => {
    await own('publish_to', [us.memberId, 12]);
    const vacuum = await eu.db.session();
    await vacuum.begin();
    await vacuum.sql('lock table workflow.step_tasks in share update exclusive mode');
    await eu.db.sql(`alter publication pub_to_${short(us.memberId)} drop table workflow.step_states`);
    await expect(own('publish_to', [us.memberId, 12])).rejects.toMatchObject({ code: '55P03' });
    await vacuum.rollback();
    await own('publish_to', [us.memberId, 12]);
    expect(await linkFromUs()).toMatchObject({ publication_stale: false });
  });

  it('publish_to leaves out what the version does not have yet', async () => {
    await eu.db.sql(`update workflow.replicated_columns set since = 900 where column_name = 'labels' and table_name = 'workflow_runs'`);
    await own('publish_to', [us.memberId, 899]);
    const columns = await eu.db.sql<{ name: string }>(
      `select unnest(attnames) as name from pg_publication_tables where tablename = 'workflow_runs'`,
    );
    expect(columns.map(({ name }) => name)).not.toContain('labels');
    expect(columns.map(({ name }) => name)).toContain('tenant_id');
  });

  it('make_link makes a disabled subscription, once, and puts the guards on the tables', async () => {
    await own('make_link', [us.memberId, LINK]);
    await own('make_link', [us.memberId, { ...LINK, slot: 'another' }]);
    expect(await linkFromUs()).toMatchObject({
      subscribed: true,
      enabled: false,
      slot: 'a_slot',
      generation: 1,
      commit: 'off',
      tables: [],
    });
    expect(await eu.db.sql(`select count(*) from pg_trigger where tgname = 'guard_insert'`)).not.toEqual([{ count: 0 }]);
  });

  it('readdress_link gives it another address and commit', async () => {
    await own('make_link', [us.memberId, LINK]);
    await own('readdress_link', [
      us.memberId,
      { ...LINK, sha256: 'b', commit: 'on', address: 'postgres://region_replicator:y@127.0.0.1:1/x' },
    ]);
    expect(await linkFromUs()).toMatchObject({ address_sha256: 'b', commit: 'on' });
    const [row] = await eu.db.sql<{ subconninfo: string }>('select subconninfo from pg_subscription where subname = $1', [subscription]);
    expect(row!.subconninfo).toContain(':y@');
  });

  it('nobody but a superuser can read the address, with its password, back', async () => {
    await own('make_link', [us.memberId, LINK]);
    await expect(monitor().sql('select subconninfo from pg_subscription')).rejects.toThrow('permission denied');
  });

  it('note_copied waits for every table, and note_whole for what was written until then', async () => {
    await own('make_link', [us.memberId, LINK]);
    expect(await own('note_copied', [us.memberId, '0/500'])).toBe(false); // no table at all yet
    await eu.db.sql(
      `insert into pg_subscription_rel select s.oid, 'workflow.workflow_runs'::regclass, 'd', null from pg_subscription s where s.subname = $1`,
      [subscription],
    );
    expect(await own('note_copied', [us.memberId, '0/500'])).toBe(false);
    await eu.db.sql(`update pg_subscription_rel set srsubstate = 'r'`);
    expect(await own('note_copied', [us.memberId, '0/500'])).toBe(true);
    expect(await own('note_copied', [us.memberId, '0/900'])).toBe(false); // once
    expect(await own('note_whole', [us.memberId, 'a_slot', '0/4FF'])).toBe(false);
    expect(await own('note_whole', [us.memberId, 'another_slot', '0/600'])).toBe(false);
    expect(await own('note_whole', [us.memberId, 'a_slot', '0/500'])).toBe(true);
    expect(await linkFromUs()).toMatchObject({ whole: true, copied_position: '0/500' });
    expect(await eu.db.call('link_position', [us.memberId])).toEqual([{ link_position: '0/500' }]);
  });

  it('drop_link keeps the position for the link that is made anew, until that one is whole', async () => {
    await own('make_link', [us.memberId, LINK]);
    await eu.db.sql(
      `update workflow.mesh_links set copied_at = now(), copied_position = '0/500', whole_at = now(), whole_position = '0/500' where member_id = $1`,
      [us.memberId],
    );
    await own('drop_link', [subscription, false]);
    await own('drop_link', [subscription, false]); // nothing there: nothing
    expect(await linkFromUs()).toMatchObject({ subscribed: false, generation: 1, whole: false });
    await own('make_link', [us.memberId, { ...LINK, slot: 'a_slot_2', generation: 2 }]);
    expect(await eu.db.call('link_position', [us.memberId])).toEqual([{ link_position: '0/500' }]);
    await own('drop_link', [subscription, false]); // before it was whole
    expect(await eu.db.call('link_position', [us.memberId])).toEqual([{ link_position: '0/500' }]);
    await expect(own('drop_link', ['somebody_elses', false])).rejects.toMatchObject({ code: 'WF001' });
  });

  it('note_peer keeps what a peer said last, and peer_slots knows by it what counts', async () => {
    await own('note_peer', [us.memberId, { schema: 12, links: { [eu.memberId]: { slot: 's', whole: true, serves: 12 } } }]);
    expect(await linkFromUs()).toMatchObject({ peer_schema: 12 });
    await expect(own('note_peer', ['00000000-0000-4000-8000-000000000000', {}])).rejects.toMatchObject({ code: 'WF001' });
    expect(await monitor().call('peer_slots')).toMatchObject([
      { region: 'ap', slot_name: null, lag_bytes: null, active: false, healthy: false, whole: false },
      { region: 'us', slot_name: null, lag_bytes: null, active: false, healthy: false, whole: false },
    ]);
  });

  it('offer_to says who this is and what there is for the peer, to region_replicator', async () => {
    const asReplicator = () => eu.db.as('region_replicator').call<{ member_id: string; publication: object }>('offer_to', [us.memberId]);
    expect(await asReplicator()).toMatchObject([
      { member_id: eu.memberId, in_recovery: false, publication: null, slots: [], report: { links: {} } },
    ]);
    await own('publish_to', [us.memberId, 12]);
    const [offer] = await asReplicator();
    expect(Object.keys(offer!.publication)).toContain('workflow_runs');
    await expect(eu.db.as('region_replicator').sql('select from workflow.leases')).rejects.toThrow('permission denied');
  });

  it('observe_leftovers finds what former members left; unpublish and drop_link take only that', async () => {
    await own('publish_to', [us.memberId, 12]);
    await own('make_link', [us.memberId, LINK]);
    await expect(own('unpublish', [`pub_to_${short(us.memberId)}`])).rejects.toMatchObject({ code: 'WF001' });
    await eu.db.sql(`update workflow.region_members set state = 'gone' where member_id = $1`, [us.memberId]);
    expect(await leftovers()).toEqual([
      { kind: 'subscription', name: subscription, needed: true },
      { kind: 'publication', name: `pub_to_${short(us.memberId)}`, needed: false },
    ]);
    await eu.db.sql(
      `insert into workflow.group_adoptions (placement_group, home_epoch, region, member_id, written_tick, adopted_at)
       select h.placement_group, h.tenure, 'us', $1, 0, now() from workflow.placement_history h where h.member_id = $1`,
      [us.memberId],
    );
    expect(await leftovers()).toContainEqual({ kind: 'subscription', name: subscription, needed: true }); // its own adoptions are none of others
    await eu.db.sql(
      `insert into workflow.group_adoptions (placement_group, home_epoch, region, member_id, written_tick, adopted_at)
       select h.placement_group, h.tenure + 1, 'eu', $2, 0, now() from workflow.placement_history h where h.member_id = $1`,
      [us.memberId, eu.memberId],
    );
    expect(await leftovers()).toContainEqual({ kind: 'subscription', name: subscription, needed: false });
    await own('unpublish', [`pub_to_${short(us.memberId)}`]);
    await own('drop_link', [subscription, false]);
    expect(await leftovers()).toEqual([]);
    expect(await eu.db.sql('select from workflow.mesh_links where member_id = $1', [us.memberId])).toEqual([]);
  });

  it('verify_residency has nothing to look for in a mesh without zones', async () => {
    expect(await monitor().call('verify_residency')).toEqual([]);
  });

  it.each([
    ['note_peer', () => [us.memberId, {}]],
    ['publish_to', () => [us.memberId, 12]],
    ['unpublish', () => ['pub_to_x']],
    ['make_link', () => [us.memberId, LINK]],
    ['readdress_link', () => [us.memberId, LINK]],
    ['drop_link', () => [subscription, true]],
    ['note_copied', () => [us.memberId, '0/1']],
    ['note_whole', () => [us.memberId, 's', '0/1']],
  ] satisfies [string, () => unknown[]][])('%s refuses whoever does not lead', async (fn, args) => {
    await expect(monitor().call(fn, [eu.token + 1, ...args()])).rejects.toMatchObject({ code: 'WF302' });
  });
});
