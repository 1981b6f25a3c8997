// Versions of workflows as values of the log: what one region registers is decided once, and every region ends with the same numbers and the same active
// versions. There are no links: a test carries definitions over as the apply worker would bring them.
import { randomUUID } from 'node:crypto';
import { json } from '@singularity-workflow/testkit';
import { at, carryDefinitions, content, decide, decided, key, mesh, observe, outcomes, register, REGIONS, shown } from './catalog.js';
import { entry, learn } from './support.js';

describe('a definition that is registered in a mesh', () => {
  beforeEach(() => mesh.found());

  it('is stored at once and is no version before the log says so', async () => {
    expect(await register('eu')).toMatchObject({ version: null, created: true, activated: false });
    expect(await register('eu')).toMatchObject({ version: null, created: false });
    expect(await at('eu').sql('select slug from workflow.workflow_definitions')).toEqual([{ slug: 'greet' }]);
    expect(await shown('eu')).toEqual([]);
  });

  it('is the active version everywhere where its definition is, and elsewhere once that arrives', async () => {
    const { definition_id } = await register('eu');
    await decide('eu');
    const version = { slug: 'greet', version: 1, definition_id, active: true };
    expect(await shown('eu')).toEqual([version]);
    expect(await register('eu')).toMatchObject({ version: 1, created: false, activated: false });
    expect(await shown('us')).toEqual([]);
    expect(await decided('us')).toEqual([{ ...version, epoch: 2 }]);
    await carryDefinitions('eu', 'us');
    expect(await shown('us')).toEqual([version]);
  });

  it('is shown when it is decided after it arrived, too', async () => {
    await register('eu');
    await carryDefinitions('eu', 'us');
    expect(await shown('us')).toEqual([]);
    await decide('eu');
    expect(await shown('us')).toMatchObject([{ version: 1, active: true }]);
  });

  it('leaves no former version active where its definition is still on its way', async () => {
    await register('eu');
    await decide('eu');
    await carryDefinitions('eu', 'us');
    await register('eu', content(5));
    await decide('eu');
    expect(await shown('us')).toMatchObject([{ version: 1, active: false }]);
    await carryDefinitions('eu', 'us');
    expect(await shown('us')).toEqual(await shown('eu'));
  });

  it('is one version when two regions register it at the same time', async () => {
    await register('eu');
    await register('us');
    await decide('eu');
    expect(await at('us').sql('select from workflow.log_wishes where epoch is null')).toEqual([]); // decided for both
    await at('asia').sql('select 1');
    expect(await decided('asia')).toMatchObject([{ version: 1 }]);
    expect(await outcomes('us')).toEqual(['greet: version 1, active']);
  });

  it('is learned once, however often it was proposed', async () => {
    const { definition_id } = await register('eu');
    const items = [{ item: 'version', slug: 'greet', definition_id, active: true }];
    const value = { kind: 'catalog', by: mesh.at('eu').memberId, items };
    for (const region of REGIONS) await learn(mesh, region, [entry(2, value), entry(3, value)]);
    expect(await decided('us')).toMatchObject([{ version: 1, epoch: 2 }]);
    expect(await shown('eu')).toMatchObject([{ version: 1, active: true }]);
  });

  it('gets the number that its place in the log gives it, wherever other content was registered meanwhile', async () => {
    const ours = await register('eu', content(5));
    const theirs = await register('us', content(7));
    await decide('us');
    await decide('eu');
    const logs = await Promise.all(REGIONS.map(decided));
    expect(logs[0]).toMatchObject([
      { version: 1, definition_id: theirs.definition_id, active: false },
      { version: 2, definition_id: ours.definition_id, active: true },
    ]);
    expect(logs[1]).toEqual(logs[0]);
    expect(logs[2]).toEqual(logs[0]);
    expect(await outcomes('eu')).toEqual(['greet: version 2, active, in place of version 1']);
  });

  it.each(['definition', 'decision'] as const)('is shown where both come at the same moment, the %s first', async (first) => {
    const { definition_id } = await register('eu');
    await at('us').sql('select workflow.arm_guards()');
    const [row] = await at('eu').sql<{ row: object }>('select to_jsonb(d) as row from workflow.workflow_definitions d');
    const [applying, learning] = [await at('us').session(), await at('us').session()];
    await applying.sql('set session_replication_role = replica');
    const arrive = () =>
      applying.sql(
        'insert into workflow.workflow_definitions select n.* from jsonb_populate_record(null::workflow.workflow_definitions, $1) n',
        [JSON.stringify(row!.row)],
      );
    const items = [{ item: 'version', slug: 'greet', definition_id, active: true }];
    const value = { version: 1, kind: 'catalog', by: mesh.at('eu').memberId, items };
    const decision = () => learning.sql('select workflow.learn_entry(2, $1, now())', [JSON.stringify(value)]);
    const [one, other] = first === 'definition' ? [applying, learning] : [learning, applying];
    await one.begin();
    await (first === 'definition' ? arrive() : decision());
    const second = other.start(first === 'definition' ? decision : arrive);
    await other.waitUntilBlocked();
    await one.commit();
    await second;
    expect(await shown('us')).toMatchObject([{ version: 1, definition_id, active: true }]);
  });

  it('is found by whoever registers it after it was decided and before it arrived', async () => {
    await register('eu');
    await decide('eu');
    expect(await register('us')).toMatchObject({ version: 1, created: false });
    expect(await shown('us')).toMatchObject([{ version: 1, active: true }]);
  });
});

describe('an activation in a mesh', () => {
  beforeEach(async () => {
    await mesh.found();
    for (const attempts of [3, 5]) {
      await register('eu', content(attempts));
      await decide('eu');
    }
    await carryDefinitions('eu', 'us');
  });

  it('counts when the log has it, and everywhere', async () => {
    await at('eu').call('activate_definition', ['greet', 1]);
    expect(await shown('eu')).toMatchObject([{ active: false }, { active: true }]);
    await decide('eu');
    for (const region of ['eu', 'us'] as const) expect(await shown(region)).toMatchObject([{ active: true }, { active: false }]);
  });

  it('of two regions that ask for different versions the later in the log counts, and both are told', async () => {
    await at('eu').call('activate_definition', ['greet', 2]);
    await at('us').call('activate_definition', ['greet', 1]);
    await decide('us');
    await decide('eu');
    for (const region of ['eu', 'us'] as const) expect(await shown(region)).toMatchObject([{ active: false }, { active: true }]);
    expect((await outcomes('us')).at(-1)).toBe('greet: version 1 is active since epoch 4');
    expect((await outcomes('eu')).at(-1)).toBe('greet: version 2 is active since epoch 5');
  });

  it('of content that no version has is learned as nothing', async () => {
    const items = [{ item: 'activate', slug: 'greet', definition_id: randomUUID() }];
    await learn(mesh, 'eu', [entry(4, { kind: 'catalog', by: mesh.at('eu').memberId, items })]);
    expect(await shown('eu')).toMatchObject([{ active: false }, { active: true }]);
  });
});

describe('what was registered before there was a mesh', () => {
  it('goes on counting, and gets into the log in its order, with its numbers and its active version', async () => {
    for (const attempts of [3, 5, 7]) await register('eu', content(attempts));
    await at('eu').call('activate_definition', ['greet', 2]);
    const before = await shown('eu');
    await mesh.found(['eu']);
    expect(await shown('eu')).toEqual(before);
    const session = await at('eu').session();
    await session.sql(`set transaction_timeout = '4s'`);
    expect(await session.call('start_runs', [json([{ tenant_id: 'acme', workflow: 'greet' }])])).toMatchObject([{ outcome: 'created' }]);
    expect(await decide('eu', ['eu'])).toHaveLength(3);
    expect(await shown('eu')).toEqual(before);
    expect(await decided('eu')).toMatchObject([{ active: false }, { active: true }, { active: false }]);
  });

  it('gives way to what the log says of the number, and comes back under its own', async () => {
    const ours = await register('eu', content(5));
    const theirs = await register('us', content(7));
    await mesh.found();
    await decide('us');
    expect(await shown('eu')).toEqual([]);
    await decide('eu');
    await carryDefinitions('us', 'eu');
    expect(await shown('eu')).toEqual([
      { slug: 'greet', version: 1, definition_id: theirs.definition_id, active: false },
      { slug: 'greet', version: 2, definition_id: ours.definition_id, active: true },
    ]);
  });

  it('waits for whoever registers something at the same moment', async () => {
    const [registering, founding] = [await at('eu').session(), await at('eu').session()];
    await registering.begin();
    await registering.call('register_workflow', [json(content())]);
    const { token, memberId } = mesh.at('eu');
    const members = [{ region: 'eu', member_id: memberId, zone: 'global' }];
    const founded = founding.start(() => founding.call('found_mesh', [token, 'eu', JSON.stringify(members)]));
    await founding.waitUntilBlocked();
    await registering.commit();
    await founded;
    expect(await at('eu').sql('select item from workflow.log_wishes')).toHaveLength(1);
  });
});

describe('observe_wishes', () => {
  beforeEach(() => mesh.found());

  it('proposes no definition that no other region has, and keys at once', async () => {
    await register('eu');
    await at('eu').call('add_api_key', [json(key('admin'))]);
    expect(await observe('eu')).toMatchObject([{ item: { item: 'key' } }]);
  });

  it('proposes a definition at once where a region is alone', async () => {
    await mesh.reset();
    await mesh.found(['eu']);
    await register('eu');
    expect(await observe('eu')).toMatchObject([{ item: { item: 'version', slug: 'greet' } }]);
  });

  it('proposes nothing while a member could not read it', async () => {
    await at('eu').call('add_api_key', [json(key('admin'))]);
    await at('eu').sql('insert into workflow.lease_grants (member_id, schema_version) values ($1, 13)', [mesh.at('us').memberId]);
    expect(await observe('eu')).toEqual([]);
    await at('eu').sql('update workflow.lease_grants set schema_version = 14');
    expect(await observe('eu')).toHaveLength(1);
  });

  it('tells an outcome once', async () => {
    await register('eu');
    await decide('eu');
    expect(await observe('eu')).toEqual([{ item: null, epoch: 2, outcome: 'greet: version 1, active' }]);
    expect(await observe('eu')).toEqual([]);
  });

  it('gives at most a thousand items a call', async () => {
    await at('eu').sql(
      `insert into workflow.log_wishes (item, wished_at)
       select jsonb_build_object('item', 'revoke', 'key_id', gen_random_uuid()), now() from generate_series(1, 1001)`,
    );
    expect(await observe('eu')).toHaveLength(1_000);
  });

  it('is the leading monitor’s alone', async () => {
    await expect(at('eu').call('observe_wishes', [mesh.at('eu').token + 1])).rejects.toMatchObject({ code: 'WF302' });
  });
});

describe('an unknown item', () => {
  it('stops the member that does not know it, and changes nothing', async () => {
    await mesh.found();
    const items = [{ item: 'key', ...key('admin') }, { item: 'wizardry' }];
    expect(await learn(mesh, 'eu', [entry(2, { kind: 'catalog', by: mesh.at('eu').memberId, items })])).toMatchObject({
      last_epoch: 1,
      status: 'unknown_value',
    });
    expect(await at('eu').sql('select from workflow.api_keys')).toEqual([]);
  });
});
