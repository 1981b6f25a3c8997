import { randomUUID } from 'node:crypto';
import { useTestDatabase, type Caller } from '@singularity-workflow/testkit';

interface Lease {
  acquired: boolean;
  token: number;
  holder: string;
  expires_at: Date;
  former: string | null;
  without_ms: number | null;
}

const TTL_MS = 10_000;
const db = useTestDatabase();
const [anna, bert] = [randomUUID(), randomUUID()];
const acquire = async (holder: string, caller: Caller = db, ttlMs = TTL_MS): Promise<Lease> =>
  (await caller.call<Lease>('acquire_lease', ['scheduler', holder, ttlMs]))[0]!;

describe('acquire_lease', () => {
  beforeEach(() => db.clock.freeze());

  it('gives a lease that nobody ever had, with the first token', async () => {
    expect(await acquire(anna)).toMatchObject({ acquired: true, token: 1, holder: anna, former: null, without_ms: null });
  });

  it('gives the holder the same token and more time', async () => {
    const first = await acquire(anna);
    await db.clock.advance(4_000);
    const second = await acquire(anna);
    expect(second).toMatchObject({ acquired: true, token: first.token });
    expect(second.expires_at.getTime() - first.expires_at.getTime()).toBe(4_000);
  });

  it('tells another who holds it', async () => {
    const { token } = await acquire(anna);
    expect(await acquire(bert)).toMatchObject({ acquired: false, token, holder: anna });
  });

  it('passes to another once its time is over, with a higher token and the length of the gap', async () => {
    const { token } = await acquire(anna);
    await db.clock.advance(TTL_MS + 2_500);
    expect(await acquire(bert)).toMatchObject({ acquired: true, token: token + 1, holder: bert, former: anna, without_ms: 2_500 });
  });

  it('gives a former holder that comes back too late a new token', async () => {
    const { token } = await acquire(anna);
    await db.clock.advance(TTL_MS + 1);
    expect(await acquire(anna)).toMatchObject({ acquired: true, token: token + 1 });
  });

  it('is given to one of two who ask at the same moment', async () => {
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    const winner = await acquire(anna, first);
    const pending = second.start(() => acquire(bert, second));
    await second.waitUntilBlocked();
    await first.commit();
    expect([winner.acquired, (await pending).acquired]).toEqual([true, false]);
  });

  it('is given to one of two who find it expired at the same moment', async () => {
    await acquire(randomUUID());
    await db.clock.advance(TTL_MS + 1);
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    const winner = await acquire(anna, first);
    const pending = second.start(() => acquire(bert, second));
    await second.waitUntilBlocked();
    await first.commit();
    expect(await pending).toMatchObject({ acquired: false, holder: anna, token: winner.token });
  });

  it.each([0, -1, 99, 600_001])('refuses a length of %d ms', async (ttlMs) => {
    await expect(acquire(anna, db, ttlMs)).rejects.toMatchObject({ code: 'WF001' });
    expect(await db.sql('select * from workflow.leases')).toEqual([]);
  });
});
