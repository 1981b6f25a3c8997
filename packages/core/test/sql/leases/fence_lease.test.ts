import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const TTL_MS = 10_000;
const db = useTestDatabase();
const anna = randomUUID();
const acquire = async () => (await db.call<{ acquired: boolean; token: number }>('acquire_lease', ['scheduler', anna, TTL_MS]))[0]!;

describe('fence_lease', () => {
  it('answers nothing for a lease that does not exist', async () => {
    expect(await db.call('fence_lease', ['nobody'])).toEqual([{ fence_lease: null }]);
  });

  it('makes the holder lose it at once', async () => {
    const { token } = await acquire();
    await db.call('fence_lease', ['scheduler']);
    expect(await db.call('renew_lease', ['scheduler', anna, token, TTL_MS])).toEqual([{ renew_lease: false }]);
    await expect(db.call('start_due_runs', [token, 10])).rejects.toMatchObject({ code: 'WF302' });
  });

  it('makes everybody acquire anew, above every token ever given', async () => {
    const { token } = await acquire();
    const [fenced] = await db.call<{ fence_lease: number }>('fence_lease', ['scheduler']);
    const again = await acquire();
    expect(again.acquired).toBe(true);
    expect(fenced!.fence_lease).toBeGreaterThan(token);
    expect(again.token).toBeGreaterThan(fenced!.fence_lease);
  });

  it('gives nobody the token that it made', async () => {
    await acquire();
    const [fenced] = await db.call<{ fence_lease: number }>('fence_lease', ['scheduler']);
    await expect(db.call('start_due_runs', [fenced!.fence_lease, 10])).rejects.toMatchObject({ code: 'WF302' });
  });
});
