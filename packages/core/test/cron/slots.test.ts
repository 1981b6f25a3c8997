// When the clock of a place shows what an expression says, over the days on which it jumps.
import { Slots } from '../../src/cron/index.js';

/** The first `count` slots after a moment, as UTC and as the clock there shows them. */
function shown(expression: string, timeZone: string, after: string, count: number): string[] {
  const slots = Slots.of(expression, timeZone);
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const found: string[] = [];
  for (let moment = new Date(after); found.length < count;) {
    moment = slots.firstAfter(moment);
    found.push(`${moment.toISOString().slice(5, 16)} ${wall.format(moment).slice(11)}`);
  }
  return found;
}

describe('a fixed time', () => {
  it.each([
    // Europe/Berlin: 2026-03-29 02:00 -> 03:00
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', ['03-28T01:30 02:30', '03-29T01:00 03:00', '03-30T00:30 02:30']],
    ['30 2,14 * * *', 'Europe/Berlin', '2026-03-28T13:30Z', ['03-29T01:00 03:00', '03-29T12:30 14:30', '03-30T00:30 02:30']],
    // Several that the gap swallows meet at its end, and are one.
    ['15,45 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['03-29T01:00 03:00', '03-30T00:15 02:15', '03-30T00:45 02:45']],
    // America/New_York: 2026-03-08 02:00 -> 03:00
    ['30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', ['03-08T07:00 03:00', '03-09T06:30 02:30']],
    // Australia/Lord_Howe: 2026-10-04 02:00 -> 02:30, half an hour
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T17:00Z', ['10-03T15:30 02:30', '10-04T15:15 02:15']],
    // A day that has no midnight
    ['0 0 * * *', 'Africa/Cairo', '2026-04-22T23:00Z', ['04-23T22:00 01:00', '04-24T21:00 00:00']],
  ])('that the clock skips fires at the end of the gap: %s in %s', (expression, timeZone, after, expected) => {
    expect(shown(expression, timeZone, after, expected.length)).toEqual(expected);
  });

  it.each([
    // Europe/Berlin: 2026-10-25 03:00 -> 02:00
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T10:00Z', ['10-25T00:30 02:30', '10-26T01:30 02:30']],
    ['30 2,14 * * *', 'Europe/Berlin', '2026-10-24T13:00Z', ['10-25T00:30 02:30', '10-25T13:30 14:30', '10-26T01:30 02:30']],
    // America/New_York: 2026-11-01 02:00 -> 01:00
    ['30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', ['11-01T05:30 01:30', '11-02T06:30 01:30']],
    // Australia/Lord_Howe: 2026-04-05 02:00 -> 01:30
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T00:00Z', ['04-04T14:45 01:45', '04-05T15:15 01:45']],
  ])('that the clock shows twice fires once, the first time: %s in %s', (expression, timeZone, after, expected) => {
    expect(shown(expression, timeZone, after, expected.length)).toEqual(expected);
  });
});

describe('an interval', () => {
  it.each([
    ['*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:00Z', ['03-29T00:30 01:30', '03-29T01:00 03:00', '03-29T01:30 03:30']],
    ['0 * * * *', 'America/New_York', '2026-03-08T05:30Z', ['03-08T06:00 01:00', '03-08T07:00 03:00', '03-08T08:00 04:00']],
    ['*/15 * * * *', 'Australia/Lord_Howe', '2026-10-03T15:00Z', ['10-03T15:15 01:45', '10-03T15:30 02:30', '10-03T15:45 02:45']],
    // All of its times are in the gap: that day has none.
    ['*/15 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['03-30T00:00 02:00', '03-30T00:15 02:15']],
  ])('goes by real time over a gap: %s in %s', (expression, timeZone, after, expected) => {
    expect(shown(expression, timeZone, after, expected.length)).toEqual(expected);
  });

  it.each([
    [
      '0 * * * *',
      'Europe/Berlin',
      '2026-10-24T22:30Z',
      ['10-24T23:00 01:00', '10-25T00:00 02:00', '10-25T01:00 02:00', '10-25T02:00 03:00'],
    ],
    [
      '*/30 * * * *',
      'America/New_York',
      '2026-11-01T05:00Z',
      ['11-01T05:30 01:30', '11-01T06:00 01:00', '11-01T06:30 01:30', '11-01T07:00 02:00'],
    ],
    [
      '*/15 * * * *',
      'Australia/Lord_Howe',
      '2026-04-04T14:15Z',
      ['04-04T14:30 01:30', '04-04T14:45 01:45', '04-04T15:00 01:30', '04-04T15:15 01:45', '04-04T15:30 02:00'],
    ],
  ])('goes on through what comes twice: %s in %s', (expression, timeZone, after, expected) => {
    expect(shown(expression, timeZone, after, expected.length)).toEqual(expected);
  });
});

it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])(
  'names the same slots backwards as forwards, over the jumps of a year in %s',
  (timeZone) => {
    for (const expression of ['30 2 * * *', '15,45 1,2 * * *', '*/20 1-3 * * 0', '0 2 L * *', '30 2 * * SUN#1']) {
      const slots = Slots.of(expression, timeZone);
      const [from, until] = [new Date('2026-01-01T00:00Z'), new Date('2027-01-01T00:00Z')];
      const forward: Date[] = [];
      for (let slot = slots.firstAfter(new Date(from.getTime() - 1)); slot <= until; slot = slots.firstAfter(slot)) forward.push(slot);
      expect(slots.newest(from, until, forward.length)).toEqual(forward);
      expect(slots.newest(from, until, forward.length - 1)).toEqual(forward.slice(1)); // counted back from the end
    }
  },
);

it('has both ends of a span', () => {
  const slots = Slots.of('* * * * *', 'UTC');
  const [from, until] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:02:00Z')];
  expect(slots.newest(from, until, 9).map((slot) => slot.getTime() - from.getTime())).toEqual([0, 60_000, 120_000]);
  expect(slots.newest(until, from, 9)).toEqual([]);
  expect(slots.newest(new Date(from.getTime() + 1), new Date(until.getTime() - 1), 9)).toHaveLength(1);
});

it('takes seconds, nicknames, names of days and spaces', () => {
  const after = new Date('2026-01-01T00:00:00Z');
  expect(Slots.of('*/10 * * * * *', 'UTC').after(after)).toEqual(new Date('2026-01-01T00:00:10Z'));
  expect(Slots.of('@daily', 'UTC').after(after)).toEqual(new Date('2026-01-02T00:00:00Z'));
  expect(Slots.of('  0  12 * * mon-fri ', 'UTC').after(after)).toEqual(new Date('2026-01-01T12:00:00Z'));
});

it.each([
  '', ' ', '* * * *', '* * * * * * *', '60 * * * *', '* 24 * * *', '0 0 32 * *', '5-1 * * * *', '@reboot', '@sometimes', 'every day at noon',
  '2026-01-01T00:00:00', '* * * * MOO', '*/0 * * * *', '*\t*\t*', '- - - - -', '1e9 * * * *', '0 0 * * 8',
])('refuses the expression %j', (expression) => {
  expect(() => Slots.of(expression, 'UTC')).toThrow(expect.objectContaining({ code: 'bad_cron', field: 'cron' }));
}); // prettier-ignore

it('refuses an expression that never comes true, when it is asked for its first slot', () => {
  const slots = Slots.of('0 0 30 2 *', 'UTC');
  expect(slots.after(new Date())).toBeNull();
  expect(() => slots.firstAfter(new Date())).toThrow(expect.objectContaining({ code: 'bad_cron', field: 'cron' }));
});

it.each(['', 'Nowhere/City', '+02:00', '-0500', 'Europe', 'UTC+1', '../etc/passwd'])('refuses the time zone %j', (timeZone) => {
  expect(() => Slots.of('* * * * *', timeZone)).toThrow(expect.objectContaining({ code: 'bad_time_zone', field: 'time_zone' }));
});
