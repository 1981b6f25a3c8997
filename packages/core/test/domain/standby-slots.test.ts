import { type StandbySeen, standbySlots, type StandbysSeen } from '../../src/domain/index.js';

const alive = (slot: string, more: Partial<StandbySeen> = {}): StandbySeen => ({
  slot,
  connected: true,
  streaming: true,
  awayMs: null,
  lost: false,
  ...more,
});
const away = (slot: string, awayMs: number): StandbySeen => alive(slot, { connected: false, streaming: false, awayMs });
const plan = (setting: string, standbys: readonly StandbySeen[], more: Partial<StandbysSeen> = {}) =>
  standbySlots(setting, { standbys, awaited: false, visible: true, ...more });
const due = (setting: string, standbys: readonly StandbySeen[], more: Partial<StandbysSeen> = {}) => plan(setting, standbys, more).due;

it('changes nothing where every living standby is named and no dead one is', () => {
  expect(plan('', [])).toEqual({ due: null, waiting: [] });
  expect(plan('two, "one"', [alive('one'), alive('two')])).toEqual({ due: null, waiting: [] });
  expect(plan('', [away('never_used', 9_000)])).toEqual({ due: null, waiting: [] });
});

it('adds a standby that streams, and not one that is still catching up', () => {
  const catchingUp = alive('two', { streaming: false });
  expect(due('', [alive('one'), catchingUp])).toEqual({
    former: '',
    slots: ['one'],
    sentence: 'wait for standby one from now on: it streams',
  });
  expect(due('one', [alive('one'), catchingUp])).toBeNull();
});

describe('a standby that is dead', () => {
  const dead = [
    ['that has been away for long', [alive('one'), away('two', 5_000)], 'it has been away for more than 5000 ms'],
    ['whose slot is gone', [alive('one')], 'it has no slot here'],
    ['whose slot is lost', [alive('one'), alive('two', { lost: true })], 'its slot is lost'],
  ] as const;

  it.each(dead)('is taken out: one %s', (_, standbys, why) => {
    expect(due('one, two', standbys)).toEqual({ former: 'one, two', slots: ['one'], sentence: `wait for standby two no more: ${why}` });
  });

  it.each(dead)('stays while commits wait for a synchronous standby that is away: one %s', (_, standbys, why) => {
    expect(plan('one, two', standbys, { awaited: true })).toEqual({
      due: null,
      waiting: [`peers go on waiting for standby two: ${why}, but commits wait for a synchronous standby too, and it may be promoted yet`],
    });
  });

  it('keeps nobody who lives from being added meanwhile', () => {
    const { due: change, waiting } = plan('two', [alive('one'), away('two', 5_000)], { awaited: true });
    expect(change).toMatchObject({ slots: ['one', 'two'], sentence: 'wait for standby one from now on: it streams' });
    expect(waiting).toHaveLength(1);
  });
});

it('keeps one that is away for a moment, or catches up again', () => {
  expect(plan('one, two', [away('one', 4_999), alive('two', { streaming: false })])).toEqual({ due: null, waiting: [] });
});

it('says of whom it cannot see whether they stream', () => {
  const unseen = alive('two', { streaming: false });
  expect(plan('one', [alive('one', { streaming: false }), unseen, away('three', 9_000)], { visible: false })).toEqual({
    due: null,
    waiting: ['peers do not wait for standby two: whether it streams cannot be seen, grant pg_read_all_stats to workflow_owner'],
  });
});

it('says all that it changes', () => {
  expect(due('old', [alive('new')])).toEqual({
    former: 'old',
    slots: ['new'],
    sentence: 'wait for standby new from now on: it streams; wait for standby old no more: it has no slot here',
  });
});
