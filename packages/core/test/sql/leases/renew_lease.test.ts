import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const TTL_MS = 10_000;
const db = useTestDatabase();
const [anna, bert] = [randomUUID(), randomUUID()];
const renew = async (holder: string, token: number): Promise<boolean> =>
  (await db.call<{ renew_lease: boolean }>('renew_lease', ['scheduler', holder, token, TTL_MS]))[0]!.renew_lease;
const expiry = async (): Promise<number> =>
  (await db.sql<{ expires_at: Date }>('select expires_at from workflow.leases'))[0]!.expires_at.getTime();
const acquire = async (holder: string): Promise<number> =>
  (await db.call<{ token: number }>('acquire_lease', ['scheduler', holder, TTL_MS]))[0]!.token;

describe('renew_lease', () => {
  beforeEach(() => db.clock.freeze());

  it('gives the holder more time', async () => {
    const token = await acquire(anna);
    const before = await expiry();
    await db.clock.advance(3_000);
    expect(await renew(anna, token)).toBe(true);
    expect((await expiry()) - before).toBe(3_000);
  });

  it('refuses a holder whose time is over, even where nobody took the lease', async () => {
    const token = await acquire(anna);
    await db.clock.advance(TTL_MS + 1);
    expect(await renew(anna, token)).toBe(false);
  });

  it('refuses the token of a former tenure of the same holder', async () => {
    const token = await acquire(anna);
    await db.clock.advance(TTL_MS + 1);
    await acquire(anna);
    expect(await renew(anna, token)).toBe(false);
  });

  it('refuses somebody else with the right token', async () => {
    const token = await acquire(anna);
    expect(await renew(bert, token)).toBe(false);
  });

  it('refuses a lease that was never given', async () => {
    expect(await renew(anna, 1)).toBe(false);
  });
});
