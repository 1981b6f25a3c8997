// API keys of one region alone, and what a home makes of requests that came with one.
import { createHash, randomUUID } from 'node:crypto';
import { json, useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

const key = (role: string, more: object = {}) => ({
  key_id: randomUUID(),
  key_sha256: createHash('sha256').update(randomUUID()).digest('hex'),
  name: 'a key',
  role,
  ...more,
});
const add = (wanted: object) => db.as('workflow_router').call<{ add_api_key: boolean }>('add_api_key', [json(wanted)]);
const revoke = (id: string) => db.as('workflow_router').call<{ revoke_api_key: boolean }>('revoke_api_key', [id]);
const keys = () => db.sql('select key_id, role, tenants, revoked_at from workflow.api_keys order by created_at, key_id');

describe('add_api_key', () => {
  it('of one region alone counts at once, and leaves no wish', async () => {
    const admin = key('admin');
    expect(await add(admin)).toEqual([{ add_api_key: true }]);
    expect(await keys()).toEqual([{ key_id: admin.key_id, role: 'admin', tenants: [], revoked_at: null }]);
    expect(await db.sql('select from workflow.log_wishes')).toEqual([]);
  });

  it('refuses a first key that is no admin: nobody could make another one', async () => {
    await expect(add(key('operator'))).rejects.toMatchObject({ code: 'WF701' });
    await add(key('admin', { expires_at: new Date(Date.now() + 3_600_000).toISOString() }));
    await add(key('operator'));
    await db.clock.advance(7_200_000);
    await expect(add(key('operator'))).rejects.toMatchObject({ code: 'WF701' });
  });

  it.each([
    ['a role that there is not', { role: 'wizard' }, 'role'],
    ['no name', { name: '' }, 'name'],
    ['the key in place of its hash', { key_sha256: 'swk_secret' }, 'key_sha256'],
    ['an end in the past', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['a tenant without tenants', { role: 'tenant' }, 'tenants'],
    ['an admin with tenants', { tenants: ['acme'] }, 'tenants'],
    ['too many tenants', { role: 'tenant', tenants: Array.from({ length: 101 }, (_, i) => `t${i}`) }, 'tenants'],
    ['a tenant without an id', { role: 'tenant', tenants: [''] }, 'tenants'],
  ])('refuses %s', async (_, wrong, field) => {
    await add(key('admin'));
    const refusal = await add(key('admin', wrong)).catch((error: unknown) => error as { code: string; detail: string });
    expect(refusal).toMatchObject({ code: 'WF001' });
    expect(JSON.parse((refusal as { detail: string }).detail)).toMatchObject({ field });
    expect(await keys()).toHaveLength(1);
  });

  it('refuses more keys than there may be', async () => {
    await add(key('admin'));
    await db.sql(`update workflow.limits set value = 1 where name = 'api_keys_max'`);
    await expect(add(key('admin'))).rejects.toMatchObject({ code: 'WF001' });
  });
});

describe('revoke_api_key', () => {
  it('ends a key, twice is once', async () => {
    const [admin, operator] = [key('admin'), key('operator')];
    await add(admin);
    await add(operator);
    expect(await revoke(operator.key_id)).toEqual([{ revoke_api_key: true }]);
    const [first] = await db.sql<{ revoked_at: Date }>('select revoked_at from workflow.api_keys where key_id = $1', [operator.key_id]);
    expect(await revoke(operator.key_id)).toEqual([{ revoke_api_key: true }]);
    expect(await db.sql('select revoked_at from workflow.api_keys where key_id = $1', [operator.key_id])).toEqual([first]);
  });

  it('refuses to end the last admin, also when two are ended at the same moment', async () => {
    const [one, other] = [key('admin'), key('admin')];
    await add(one);
    await add(other);
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    await first.call('revoke_api_key', [one.key_id]);
    const refused = second.start(() => second.call('revoke_api_key', [other.key_id]));
    await second.waitUntilBlocked();
    await first.commit();
    await expect(refused).rejects.toMatchObject({ code: 'WF701' });
  });

  it('refuses one that there is not', async () => {
    await expect(revoke(randomUUID())).rejects.toMatchObject({ code: 'WF702' });
  });
});
