import { type KeyRow, makeApiKey, WorkflowError } from '@singularity-workflow/core';
import { Keyring } from '../../src/keys/keyring.js';

/** What a database would say, and how often it was asked. */
class Told {
  asked = 0;
  counts = true;
  isAway = false;

  bySha256 = async (): Promise<KeyRow | null> => {
    this.asked += 1;
    if (this.isAway) throw new WorkflowError('database_unavailable', 'away');
    return {
      keyId: 'k',
      name: 'k',
      role: 'admin',
      tenants: [],
      createdAt: new Date(0),
      expiresAt: null,
      revokedAt: null,
      counts: this.counts,
    };
  };

  some = async (): Promise<boolean> => {
    this.asked += 1;
    return true;
  };
}

let nowMs = 0;
let told: Told;
let keyring: Keyring;
const { key } = makeApiKey();

beforeEach(() => {
  told = new Told();
  keyring = new Keyring({ keys: told, nowMs: () => nowMs });
});

it('asks once a second for a key, however often and by how many at once it is used', async () => {
  await Promise.all(Array.from({ length: 50 }, () => keyring.find(key)));
  nowMs += 999;
  await keyring.find(key);
  expect(told.asked).toBe(1);
  told.counts = false;
  nowMs += 1;
  expect(await keyring.find(key)).toMatchObject({ counts: false });
  expect(told.asked).toBe(2);
});

it('asks again at once when it was told to forget', async () => {
  await keyring.find(key);
  told.counts = false;
  keyring.forget();
  expect(await keyring.find(key)).toMatchObject({ counts: false });
});

it('remembers no failure', async () => {
  told.isAway = true;
  await expect(keyring.find(key)).rejects.toMatchObject({ code: 'database_unavailable' });
  told.isAway = false;
  expect(await keyring.find(key)).toMatchObject({ counts: true });
});

it('asks nobody about what cannot be a key', async () => {
  expect(await keyring.find('Bearer')).toBeNull();
  expect(told.asked).toBe(0);
});

it('asks once a second whether there is any', async () => {
  await keyring.isLocked();
  await keyring.isLocked();
  expect(told.asked).toBe(1);
  nowMs += 1_000;
  await keyring.isLocked();
  expect(told.asked).toBe(2);
});
