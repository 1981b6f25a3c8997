import { useTestMesh } from '@singularity-workflow/testkit';
import { entry, learn, rounds } from './support.js';

const mesh = useTestMesh(['asia', 'eu', 'us']);
beforeEach(() => mesh.found());

const stop = (region: string) => mesh.at(region).db.sql(`update workflow.mesh set stopped_reason = 'a test'`);
const homeOf = async (region: string) => (await mesh.at(region).db.call<{ region: string | null }>('home_of', [['acme']]))[0]!.region;
const logOf = async (region: string) =>
  (await mesh.at(region).db.call<{ topology_since: { entries: object[] } }>('topology_since', [0]))[0]!.topology_since.entries;
const add = (memberId: string) => ({ kind: 'member', region: 'us', member_id: memberId, zone: 'global', addresses: {}, state: 'joining' });

describe('renew_member', () => {
  it('is for a region that stands still only', async () => {
    await expect(mesh.own('us', 'renew_member')).rejects.toMatchObject({ code: 'WF607' });
    await mesh.reset();
    await expect(mesh.own('us', 'renew_member')).rejects.toMatchObject({ code: 'WF601' });
  });

  it("makes it somebody else, who is nobody's home, has no lease and answers nobody", async () => {
    await rounds(mesh);
    await stop('us');
    const id = await mesh.own<string>('us', 'renew_member');
    expect(id).not.toBe(mesh.at('us').memberId);
    expect(await homeOf('us')).toBeNull();
    expect(await mesh.at('us').db.call('lease_left_ms')).toEqual([{ lease_left_ms: null }]);
    await expect(mesh.ask('suspicions', ['eu', 'us'], [2])).rejects.toMatchObject({ code: 'WF603' });
    await expect(mesh.own('us', 'begin_round', [5_000])).rejects.toMatchObject({ code: 'WF604' });
  });

  it('lets it learn a log that names its new id, and no other', async () => {
    await stop('us');
    const id = await mesh.own<string>('us', 'renew_member');
    await expect(mesh.own('us', 'join_mesh', ['us', JSON.stringify(await logOf('eu'))])).rejects.toMatchObject({ code: 'WF603' });
    const lost = { kind: 'takeover', from: mesh.at('us').memberId, groups: {}, lost: [mesh.at('us').memberId], mesh_id: mesh.meshId };
    await learn(mesh, 'eu', [entry(2, lost), entry(3, { ...add(id), behind: 2 })]);
    expect(await mesh.own('us', 'join_mesh', ['us', JSON.stringify(await logOf('eu'))])).toBe(3);
    expect(await homeOf('us')).toBe(await homeOf('eu'));
  });
});
