import { type StandbySeen, standbySlots } from '../../src/domain/index.js';

const alive = (slot: string, more: Partial<StandbySeen> = {}): StandbySeen => ({
  slot,
  connected: true,
  streaming: true,
  awayMs: null,
  lost: false,
  ...more,
});
const away = (slot: string, awayMs: number): StandbySeen => alive(slot, { connected: false, streaming: false, awayMs });

it('changes nothing where every living standby is named and no dead one is', () => {
  expect(standbySlots('', [])).toBeNull();
  expect(standbySlots('two, "one"', [alive('one'), alive('two')])).toBeNull();
  expect(standbySlots('', [away('never_used', 9_000)])).toBeNull();
});

it('adds a standby that streams, and not one that is still catching up', () => {
  const catchingUp = alive('two', { streaming: false });
  expect(standbySlots('', [alive('one'), catchingUp])).toEqual({
    slots: ['one'],
    sentence: 'peers wait for standby one from now on: it streams',
  });
  expect(standbySlots('one', [alive('one'), catchingUp])).toBeNull();
});

it.each([
  ['that has been away for long', [alive('one'), away('two', 5_000)], 'it has been away for more than 5000 ms'],
  ['whose slot is gone', [alive('one')], 'it has no slot here'],
  ['whose slot is lost', [alive('one'), alive('two', { lost: true })], 'its slot is lost'],
])('takes a standby out %s', (_, standbys, why) => {
  expect(standbySlots('one, two', standbys)).toEqual({ slots: ['one'], sentence: `peers wait for standby two no more: ${why}` });
});

it('keeps one that is away for a moment, or catches up again', () => {
  expect(standbySlots('one, two', [away('one', 4_999), alive('two', { streaming: false })])).toBeNull();
});

it('says all that it changes', () => {
  expect(standbySlots('old', [alive('new')])).toEqual({
    slots: ['new'],
    sentence: 'peers wait for standby new from now on: it streams; peers wait for standby old no more: it has no slot here',
  });
});
