// What counts as a request of another region, and what is refused by name.
import { AGE_MS_MAX, type Signed, Signer } from '../../src/homes/signature.js';
import type { Refusal } from '../../src/wire/refusal.js';

const SECRET = 'first-secret-of-at-least-32-characters';
const OLD_SECRET = 'older-secret-of-at-least-32-characters';
const request: Signed = { method: 'POST', path: '/api/workflows?wait=1s', body: '{"tenant_id":"acme"}' };

let nowMs = 0;
const signer = (region: string, secrets: string[] = [SECRET], regions = ['asia', 'eu']): Signer =>
  new Signer({ secrets, region, regions, nowMs: () => nowMs });

function codeOf(check: () => unknown): string {
  try {
    check();
    return 'none';
  } catch (error) {
    return (error as Refusal).code;
  }
}

beforeEach(() => {
  nowMs = 1_800_000_000_000;
});

it('says which region signed', () => {
  expect(signer('eu').check(signer('asia').sign('eu', request), request)).toBe('asia');
  const without = { method: 'GET', path: '/api/workflows' };
  expect(signer('eu').check(signer('asia').sign('eu', without), { ...without, body: Buffer.alloc(0) })).toBe('asia');
});

it.each([
  ['another method', { method: 'DELETE' }],
  ['another path', { path: '/api/workflows' }],
  ['another body', { body: '{"tenant_id":"acme!"}' }],
])('refuses a signature with %s', (_, changed) => {
  const signature = signer('asia').sign('eu', request);
  expect(codeOf(() => signer('eu').check(signature, { ...request, ...changed }))).toBe('bad_signature');
});

it('refuses one that is changed, or no signature at all', () => {
  const signature = signer('asia').sign('eu', request);
  for (const wrong of [
    '',
    'v1',
    signature.replace('from=asia', 'from=mars'),
    signature.replace(/at=\d/, 'at=2'),
    `${signature}0`,
    signature.toUpperCase(),
  ])
    expect(codeOf(() => signer('eu').check(wrong, request))).toBe('bad_signature');
});

it('refuses one that is for another region, or of one that is not listed', () => {
  expect(codeOf(() => signer('eu').check(signer('asia').sign('us', request), request))).toBe('bad_signature');
  expect(codeOf(() => signer('eu').check(signer('mars').sign('eu', request), request))).toBe('bad_signature');
});

it('takes both secrets while the secret is being changed, and no third', () => {
  const both = signer('eu', [SECRET, OLD_SECRET]);
  expect(both.check(signer('asia', [OLD_SECRET]).sign('eu', request), request)).toBe('asia');
  expect(both.check(signer('asia', [SECRET]).sign('eu', request), request)).toBe('asia');
  expect(codeOf(() => both.check(signer('asia', ['x'.repeat(32)]).sign('eu', request), request))).toBe('bad_signature');
});

it('refuses one that is too old, or of a clock that is ahead by as much', () => {
  const signature = signer('asia').sign('eu', request);
  for (const ageMs of [AGE_MS_MAX + 1, -AGE_MS_MAX - 1]) {
    nowMs = 1_800_000_000_000 + ageMs;
    expect(codeOf(() => signer('eu').check(signature, request))).toBe('signature_expired');
  }
  nowMs = 1_800_000_000_000 + AGE_MS_MAX;
  expect(signer('eu').check(signature, request)).toBe('asia');
});

it('refuses one that was used, for as long as it would count', () => {
  const eu = signer('eu');
  const beganMs = nowMs;
  const other = (): string => eu.check(signer('asia').sign('eu', request), request);
  other();
  nowMs = beganMs + 3 * AGE_MS_MAX;
  const signature = signer('asia').sign('eu', request); // by a clock that is ahead
  nowMs = beganMs + 2 * AGE_MS_MAX;
  expect(eu.check(signature, request)).toBe('asia');
  for (const laterMs of [2 * AGE_MS_MAX, 2 * AGE_MS_MAX + 1, 3 * AGE_MS_MAX, 4 * AGE_MS_MAX]) {
    nowMs = beganMs + laterMs;
    other();
    expect(codeOf(() => eu.check(signature, request))).toBe('signature_replayed');
  }
  nowMs = beganMs + 4 * AGE_MS_MAX + 1;
  expect(codeOf(() => eu.check(signature, request))).toBe('signature_expired');
});
