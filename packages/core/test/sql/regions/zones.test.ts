import { useTestMesh } from '@singularity-workflow/testkit';
import { entry, learn } from './support.js';

// Two zones of two: eu has de and fr, us has or and va.
const mesh = useTestMesh(['eu/de', 'eu/fr', 'us/or', 'us/va']);
beforeEach(() => mesh.found());

const id = (region: string) => mesh.at(region).memberId;
const regionsOf = async (pattern: string) =>
  (
    await mesh
      .at('de')
      .db.sql<{ region: string }>('select distinct region from workflow.placement where placement_group like $1 order by 1', [pattern])
  ).map(({ region }) => region);
const homes = (...tenants: string[]) =>
  mesh.at('de').db.call<{ tenant_id: string; region: string | null; placement_group: string | null }>('home_of', [tenants]);
const register = (epoch: number, tenants: object[]) => learn(mesh, 'de', [entry(epoch, { kind: 'register', by: id('de'), tenants })]);

describe('in a mesh with zones', () => {
  it('the groups of a zone are dealt round in it, the global ones among all', async () => {
    expect(await regionsOf('eu/%')).toEqual(['de', 'fr']);
    expect(await regionsOf('us/%')).toEqual(['or', 'va']);
    expect(await regionsOf('global/%')).toEqual(['de', 'fr', 'or', 'va']);
    expect(await mesh.at('de').db.sql('select count(*)::int as groups from workflow.placement')).toEqual([{ groups: 768 }]);
  });

  it('a tenant that nobody registered has no home: its rows might go abroad', async () => {
    expect(await homes('acme')).toEqual([expect.objectContaining({ tenant_id: 'acme', region: null, placement_group: null })]);
  });

  it('a registered tenant is at home in its zone, and the zone never changes', async () => {
    await register(2, [{ tenant_id: 'acme', residency: 'eu' }, { tenant_id: 'globex' }]);
    const [acme, globex] = (await homes('acme', 'globex')).toSorted((a, b) => (a.tenant_id < b.tenant_id ? -1 : 1));
    expect(['de', 'fr']).toContain(acme!.region);
    expect(acme!.placement_group).toMatch(/^eu\//);
    expect(globex!.placement_group).toMatch(/^global\//);
    await register(3, [{ tenant_id: 'acme', residency: 'us' }]);
    expect((await homes('acme'))[0]!.placement_group).toBe(acme!.placement_group);
  });

  it('no group leaves its zone, whatever is decided', async () => {
    await learn(mesh, 'de', [entry(2, { kind: 'move', from: id('de'), groups: { 'eu/0': id('or'), 'global/0': id('or') } })]);
    const rows = await mesh
      .at('de')
      .db.sql(`select placement_group, region from workflow.placement where placement_group in ('eu/0', 'global/0') order by 1`);
    expect(rows).toEqual([
      { placement_group: 'eu/0', region: 'de' },
      { placement_group: 'global/0', region: 'or' },
    ]);
  });

  it("a tenant's own group stays in the tenant's zone", async () => {
    await register(2, [{ tenant_id: 'acme', residency: 'eu' }]);
    const [home] = await homes('acme');
    await learn(mesh, 'de', [entry(3, { kind: 'register', by: id(home!.region!), tenants: [{ tenant_id: 'acme', split: true }] })]);
    await learn(mesh, 'de', [entry(4, { kind: 'move', from: id(home!.region!), groups: { 'tenant/acme': id('va') } })]);
    expect(await homes('acme')).toMatchObject([{ placement_group: 'tenant/acme', region: home!.region }]);
    const other = home!.region === 'de' ? 'fr' : 'de';
    await learn(mesh, 'de', [entry(5, { kind: 'move', from: id(home!.region!), groups: { 'tenant/acme': id(other) } })]);
    expect(await homes('acme')).toMatchObject([{ placement_group: 'tenant/acme', region: other }]);
  });
});

describe('in a mesh without zones', () => {
  it('nobody is registered in one', async () => {
    await mesh.reset();
    const members = ['de', 'fr'].map((region) => ({ region, member_id: id(region), zone: 'global' }));
    for (const region of ['de', 'fr']) mesh.meshId = await mesh.own<string>(region, 'found_mesh', [region, JSON.stringify(members)]);
    await register(2, [{ tenant_id: 'acme', residency: 'eu' }, { tenant_id: 'globex' }]);
    expect(await mesh.at('de').db.sql('select tenant_id from workflow.tenant_registry')).toEqual([{ tenant_id: 'globex' }]);
  });
});
