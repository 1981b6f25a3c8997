// Which slots fire now: on time or missed, by the rule, and where the schedule goes on.
import { type DueSlots, planFiring } from '../../src/cron/index.js';

const at = (time: string) => new Date(`2026-06-01T${time}Z`);
const hours = (slots: readonly Date[]) => slots.map((slot) => slot.toISOString().slice(11, 16));

/** Hourly, waiting for 01:00; a leader that has led since long ago. */
function plan(given: Partial<DueSlots>, max = 100) {
  const due: DueSlots = {
    cron: '0 * * * *',
    timeZone: 'UTC',
    catchUp: 'one',
    catchUpMax: 100,
    nextFireAt: at('01:00'),
    offsetMs: 0,
    now: at('01:00:01'),
    missedBefore: at('00:00'),
    ...given,
  };
  const { slots, nextFireAt, passedOver } = planFiring(due, max);
  return [hours(slots), nextFireAt?.toISOString().slice(11, 16) ?? null, passedOver];
}

it.each(['none', 'one', 'all'] as const)('fires the slot that is due, whatever the rule (%s)', (catchUp) => {
  expect(plan({ catchUp })).toEqual([['01:00'], '02:00', false]);
  expect(plan({ catchUp, now: at('01:00') })).toEqual([['01:00'], '02:00', false]);
});

it.each(['none', 'one', 'all'] as const)('fires each slot since the leader began, however late it comes to them (%s)', (catchUp) => {
  expect(plan({ catchUp, now: at('04:30') })).toEqual([['01:00', '02:00', '03:00', '04:00'], '05:00', false]);
});

describe('slots that nobody could fire', () => {
  const missed = { now: at('06:30'), missedBefore: at('06:29') };

  it('are passed over by the rule none', () => {
    expect(plan({ ...missed, catchUp: 'none' })).toEqual([[], '07:00', true]);
  });

  it('are one by the rule one: the latest', () => {
    expect(plan({ ...missed, catchUp: 'one' })).toEqual([['06:00'], '07:00', true]);
    expect(plan({ ...missed, catchUp: 'one', nextFireAt: at('06:00') })).toEqual([['06:00'], '07:00', false]);
  });

  it('are none by the rule one where a slot on time fires anyway', () => {
    expect(plan({ catchUp: 'one', now: at('06:00:05'), missedBefore: at('05:59') })).toEqual([['06:00'], '07:00', true]);
  });

  it('are all by the rule all, oldest first', () => {
    expect(plan({ ...missed, catchUp: 'all' })).toEqual([['01:00', '02:00', '03:00', '04:00', '05:00', '06:00'], '07:00', false]);
  });

  it('are the newest up to the bound by the rule all, beside those on time', () => {
    expect(plan({ ...missed, catchUp: 'all', catchUpMax: 2 })).toEqual([['05:00', '06:00'], '07:00', true]);
    expect(plan({ catchUp: 'all', catchUpMax: 2, now: at('06:30'), missedBefore: at('04:30') })).toEqual([
      ['03:00', '04:00', '05:00', '06:00'],
      '07:00',
      true,
    ]);
  });
});

it('gives the oldest first where not all fit, and goes on with the rest', () => {
  const missed = { catchUp: 'all' as const, now: at('06:30'), missedBefore: at('06:29') };
  expect(plan(missed, 4)).toEqual([['01:00', '02:00', '03:00', '04:00'], '05:00', false]);
  expect(plan({ ...missed, nextFireAt: at('05:00') }, 4)).toEqual([['05:00', '06:00'], '07:00', false]);
});

it('judges by the slot and not by its share of the jitter', () => {
  const later = { offsetMs: 1_800_000 };
  expect(plan({ ...later, now: at('01:30') })).toEqual([['01:00'], '02:00', false]);
  expect(plan({ ...later, now: at('03:10') })).toEqual([['01:00', '02:00'], '03:00', false]);
  // Due at 05:30 and 06:30: the leader began at 06:00, so only the first was missed.
  expect(plan({ ...later, catchUp: 'none', nextFireAt: at('05:00'), now: at('06:31'), missedBefore: at('06:00') })).toEqual([
    ['06:00'],
    '07:00',
    true,
  ]);
});

it('fires the slot that waits even where the expression names it no more, as after new rules of a time zone', () => {
  expect(plan({ nextFireAt: at('01:07'), now: at('01:08') })).toEqual([['01:07'], '02:00', false]);
  expect(plan({ nextFireAt: at('01:07'), now: at('02:08') })).toEqual([['01:07', '02:00'], '03:00', false]);
  expect(plan({ nextFireAt: at('01:07'), now: at('01:30'), missedBefore: at('01:29') })).toEqual([['01:07'], '02:00', false]);
});

it('has no next slot where none ever comes', () => {
  const { nextFireAt } = planFiring(
    {
      cron: '0 0 30 2 *',
      timeZone: 'UTC',
      catchUp: 'one',
      catchUpMax: 1,
      nextFireAt: at('01:00'),
      offsetMs: 0,
      now: at('01:00'),
      missedBefore: at('00:00'),
    },
    10,
  );
  expect(nextFireAt).toBeNull();
});

it('is bounded: a year of missed seconds is as many slots as the rule says, at once', () => {
  const year = {
    cron: '* * * * * *',
    nextFireAt: new Date('2025-06-01T00:00:00Z'),
    now: at('01:00'),
    missedBefore: at('01:00:01'),
    catchUp: 'all' as const,
  };
  const before = process.cpuUsage();
  const { slots, passedOver } = planFiring({ ...base(), ...year, catchUpMax: 1_000 }, 1_000);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(20_000); // CPU time: a look at each of its seconds takes minutes of it
  expect([slots.length, slots.at(-1), passedOver]).toEqual([1_000, at('01:00'), true]);
});

function base(): DueSlots {
  return {
    cron: '',
    timeZone: 'UTC',
    catchUp: 'one',
    catchUpMax: 1,
    nextFireAt: at('00:00'),
    offsetMs: 0,
    now: at('00:00'),
    missedBefore: at('00:00'),
  };
}
