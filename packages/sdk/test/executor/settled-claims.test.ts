// Which claims are said to be over, when, and to whom. No database: what it does with them is its own tests' business.
import { HeldClaim, SettledClaims } from '../../src/executor/settled-claims.js';

const claimOf = (workerId: string, claimId: number, held: number): HeldClaim => Object.assign(new HeldClaim(workerId, claimId), { held });

async function sentBy(claims: SettledClaims, workerId = 'w'): Promise<readonly number[]> {
  return claims.sentWith(workerId, async (ids) => ids);
}

it('says that a claim is over when the last of its attempts is, once', async () => {
  const claims = new SettledClaims(() => 'w');
  const claim = claimOf('w', 7, 2);
  claims.settle(claim);
  expect(await sentBy(claims)).toEqual([]);
  claims.settle(claim);
  expect(await sentBy(claims)).toEqual([7]);
  expect(await sentBy(claims)).toEqual([]);
});

it('sends with one call only what no other has under way', async () => {
  const claims = new SettledClaims(() => 'w');
  claims.settle(claimOf('w', 1, 1));
  const sent: (readonly number[])[] = [];
  await claims.sentWith('w', async (ids) => {
    sent.push(ids);
    claims.settle(claimOf('w', 2, 1));
    sent.push(await sentBy(claims));
  });
  expect(sent).toEqual([[1], [2]]);
});

it('keeps for the next call what was sent with one that failed', async () => {
  const claims = new SettledClaims(() => 'w');
  for (const id of [1, 2]) claims.settle(claimOf('w', id, 1));
  const away = new Error('away');
  await expect(claims.sentWith('w', () => Promise.reject(away))).rejects.toBe(away);
  claims.settle(claimOf('w', 3, 1));
  expect((await sentBy(claims)).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
});

it('never says for one worker what another had', async () => {
  let workerId = 'former';
  const claims = new SettledClaims(() => workerId);
  claims.settle(claimOf('former', 1, 1));
  const late = claimOf('former', 2, 1);
  expect(await sentBy(claims, 'somebody')).toEqual([]);
  workerId = 'new';
  claims.settle(claimOf('new', 3, 1));
  claims.settle(late);
  expect(await sentBy(claims, 'former')).toEqual([]);
  expect(await sentBy(claims, 'new')).toEqual([3]);
});

it('forgets what a former worker could not say', async () => {
  let workerId = 'former';
  const claims = new SettledClaims(() => workerId);
  claims.settle(claimOf('former', 1, 1));
  const failing = claims.sentWith('former', () => {
    workerId = 'new';
    claims.settle(claimOf('new', 2, 1));
    return Promise.reject(new Error('away'));
  });
  await expect(failing).rejects.toThrow('away');
  expect(await sentBy(claims, 'new')).toEqual([2]);
});

it('sends at most 1,000 with one call, and the rest with the next', async () => {
  const claims = new SettledClaims(() => 'w');
  for (let id = 0; id < 1_500; id += 1) claims.settle(claimOf('w', id, 1));
  expect(await sentBy(claims)).toHaveLength(1_000);
  expect(await sentBy(claims)).toHaveLength(500);
});
