// API keys as values of the log, and what a member that forgets its log makes of keys and versions.
import { randomUUID } from 'node:crypto';
import { json } from '@singularity-workflow/testkit';
import { at, decide, decided, key, keysAt, mesh, type Region, register } from './catalog.js';
import { entry, learn } from './support.js';

describe('API keys in a mesh', () => {
  it('count when the log has them, and everywhere the same', async () => {
    await mesh.found();
    expect(await at('eu').call('add_api_key', [json(key('admin'))])).toEqual([{ add_api_key: false }]);
    expect(await keysAt('eu')).toEqual([]);
    await decide('eu');
    expect(await keysAt('eu')).toMatchObject([{ role: 'admin', revoked_at: null, epoch: 2 }]);
    expect(await keysAt('us')).toEqual(await keysAt('eu'));
  });

  it('of a region that was alone get into the log when it founds a mesh, and count meanwhile', async () => {
    await at('eu').call('add_api_key', [json(key('admin'))]);
    await at('eu').call('add_api_key', [json(key('tenant', { tenants: ['b', 'a'] }))]);
    await mesh.found();
    expect(await keysAt('eu')).toHaveLength(2);
    await decide('eu');
    expect(await keysAt('us')).toEqual(await keysAt('eu'));
    expect(await keysAt('us')).toMatchObject([{ role: 'admin' }, { role: 'tenant', tenants: ['a', 'b'], epoch: 2 }]);
  });

  it('that are revoked in one region end there at once and elsewhere when the log says so', async () => {
    await mesh.found();
    const [first, second] = [key('admin'), key('admin')];
    await at('eu').call('add_api_key', [json(first)]);
    await decide('eu');
    await at('eu').call('add_api_key', [json(second)]);
    await decide('eu');
    expect(await at('eu').call('revoke_api_key', [first.key_id])).toEqual([{ revoke_api_key: false }]);
    const revoked = (region: Region) => at(region).sql('select key_id from workflow.api_keys where revoked_at is not null');
    expect([await revoked('eu'), await revoked('us')]).toEqual([[{ key_id: first.key_id }], []]);
    await decide('eu');
    expect(await revoked('us')).toEqual([{ key_id: first.key_id }]);
    expect(await keysAt('us')).toEqual(await keysAt('eu'));
    expect(await at('eu').call('revoke_api_key', [first.key_id])).toEqual([{ revoke_api_key: true }]);
  });

  it('never have the key itself in the log', async () => {
    await mesh.found();
    await at('eu').call('add_api_key', [json({ ...key('admin'), key: 'the secret itself' })]);
    await decide('eu');
    expect(await at('eu').sql(`select from workflow.topology where value::text like '%secret%'`)).toEqual([]);
  });
});

describe('a member that forgets its log', () => {
  it('learns versions and keys from the log that it joins, and wishes for what only it had', async () => {
    await mesh.found();
    await register('eu');
    await at('eu').call('add_api_key', [json(key('admin'))]);
    await decide('eu', ['eu', 'us']);
    await register('us', { slug: 'alone', steps: [{ slug: 'a' }] });
    await decide('us', ['us']); // a decision that the others never learn: the mesh that this region is then taken out of
    await at('us').sql(`update workflow.mesh set stopped_reason = 'of a test'`);
    await mesh.own('us', 'renew_member');
    expect([await decided('us'), await keysAt('us')]).toEqual([[], []]);
    expect(await at('us').sql('select slug from workflow.workflow_versions')).toEqual([{ slug: 'alone' }]);

    const [own] = await at('us').sql<{ id: string }>('select workflow.own_member() as id');
    const member = { kind: 'member', region: 'us', member_id: own!.id, zone: 'global', addresses: {}, state: 'joining', behind: 1 };
    const gone = { kind: 'takeover', from: mesh.at('us').memberId, groups: {}, mesh_id: randomUUID(), lost: [mesh.at('us').memberId] };
    await learn(mesh, 'eu', [entry(3, gone)]);
    await at('eu').sql('select workflow.learn_entry(4, $1, now())', [JSON.stringify({ version: 1, ...member, behind: 3 })]);
    const [log] = await at('eu').sql<{ entries: object }>(
      `select jsonb_agg(jsonb_build_object('epoch', t.epoch, 'value', t.value, 'decided_at', t.decided_at) order by t.epoch) as entries
         from workflow.topology t`,
    );
    await mesh.own('us', 'join_mesh', ['us', JSON.stringify(log!.entries)]);
    expect(await decided('us')).toEqual(await decided('eu'));
    expect(await keysAt('us')).toEqual(await keysAt('eu'));
    expect(await at('us').sql(`select item ->> 'slug' as slug from workflow.log_wishes where epoch is null`)).toEqual([{ slug: 'alone' }]);
  });
});
