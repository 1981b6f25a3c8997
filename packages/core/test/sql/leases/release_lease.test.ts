import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const TTL_MS = 10_000;
const db = useTestDatabase();
const [anna, bert] = [randomUUID(), randomUUID()];
const acquire = async (holder: string) =>
  (await db.call<{ acquired: boolean; token: number }>('acquire_lease', ['scheduler', holder, TTL_MS]))[0]!;
const release = async (holder: string, token: number): Promise<boolean> =>
  (await db.call<{ release_lease: boolean }>('release_lease', ['scheduler', holder, token]))[0]!.release_lease;

describe('release_lease', () => {
  it('lets the next one in at once, with a higher token', async () => {
    const { token } = await acquire(anna);
    expect(await release(anna, token)).toBe(true);
    expect(await acquire(bert)).toMatchObject({ acquired: true, token: token + 1 });
  });

  it('does not touch the lease of a successor', async () => {
    const { token } = await acquire(anna);
    await release(anna, token);
    await acquire(bert);
    expect(await release(anna, token)).toBe(false);
    expect(await acquire(anna)).toMatchObject({ acquired: false });
  });

  it('ends the right to renew', async () => {
    const { token } = await acquire(anna);
    await release(anna, token);
    expect(await db.call('renew_lease', ['scheduler', anna, token, TTL_MS])).toEqual([{ renew_lease: false }]);
  });
});
