import { type Asked, type BarrierSeen, type MemberSeen, nextStep, type PlacedGroup, whyNotStep } from '../../src/domain/index.js';

const member = (region: string, more: Partial<MemberSeen> = {}): MemberSeen => ({
  memberId: region, region, zone: 'global', state: 'full', copied: true, silentMs: 0, ...more,
}); // prettier-ignore
const held = (...regions: string[]): PlacedGroup[] => regions.map((memberId, at) => ({ group: `global/${at}`, zone: 'global', memberId }));
const step = (members: MemberSeen[], more: { asked?: Record<string, Asked>; holders?: string[] } = {}) =>
  nextStep(
    members,
    { placement: held(...(more.holders ?? [])) },
    { asked: new Map(Object.entries(more.asked ?? {})), retireAfterMs: 1_000 },
  );

describe('the step that is due', () => {
  it.each<[string, Partial<MemberSeen>, { asked?: Asked; holds?: boolean }, string | null]>([
    ['joining, not copied', { state: 'joining', copied: false }, {}, null],
    ['joining, copied', { state: 'joining' }, {}, 'full'],
    ['joining and silent', { state: 'joining', copied: null }, {}, null],
    ['joining, to be removed', { state: 'joining', copied: false }, { asked: 'remove' }, 'gone'],
    ['full', {}, {}, null],
    ['full and silent for long', { silentMs: 1_000 }, {}, 'retiring'],
    ['full, to be removed', {}, { asked: 'remove' }, 'retiring'],
    ['retiring with groups', { state: 'retiring' }, { holds: true }, null],
    ['retiring without groups', { state: 'retiring' }, {}, 'copying'],
    ['retiring, to be removed', { state: 'retiring' }, { asked: 'remove' }, 'gone'],
    ['retiring with groups, to be removed', { state: 'retiring' }, { asked: 'remove', holds: true }, null],
    ['copying, not copied', { state: 'copying', copied: false }, {}, null],
    ['copying, copied', { state: 'copying' }, {}, 'full'],
  ])('of a member that is %s', (_, given, { asked, holds }, expected) => {
    const due = step([member('x', given)], {
      ...(asked === undefined ? {} : { asked: { x: asked } }),
      ...(holds ? { holders: ['x'] } : {}),
    });
    expect(due?.state ?? null).toBe(expected);
  });
});

describe('a step waits', () => {
  const members = ['a', 'b', 'c', 'd'].map((region) => member(region));
  const retiring = { member: member('d'), state: 'retiring' as const };
  const well: BarrierSeen = { knows: true, leaseIsNewer: true, marked: true, confirmed: ['b', 'c', 'd'] };
  const why = (answer: Partial<BarrierSeen> | null, more: { sealed?: string[]; leaving?: boolean } = {}) =>
    whyNotStep(
      more.leaving === false ? retiring : { member: member('d', { state: 'retiring' }), state: 'gone' },
      { members, placement: held('a') },
      { answers: new Map(answer === null ? [] : [['a', { ...well, ...answer }]]), sealed: new Set(more.sealed) },
    );

  it('for every home that holds groups with a quorum', () => {
    expect(why({})).toBeNull();
    expect(why(null)).toBe('a has not said that it knows of the step before');
  });

  it('until the home knows of the last step, has a lease from after it, and its markers', () => {
    expect(why({ knows: false })).toBe('a does not know of the step before');
    expect(why({ leaseIsNewer: false })).toBe('a still has a lease from before the last step');
    expect(why({ marked: false })).toBe('a has not adopted all of its groups yet');
  });

  it('until k full members other than the one that steps have confirmed, k of the number after the step', () => {
    expect(why({ confirmed: ['d'] })).toBe('0 of 1 members have confirmed what a wrote before');
    expect(why({ confirmed: ['b'] })).toBeNull();
    expect(why({ confirmed: ['b', 'd'] }, { leaving: false })).toBe('1 of 2 members have confirmed what a wrote before');
  });

  it('not for a home of nothing that is confirmed by others, nor for one that is sealed with zones of its own', () => {
    const two = [member('a'), member('b', { state: 'joining' })];
    expect(
      whyNotStep({ member: two[1]!, state: 'joining' }, { members: two, placement: held('a') }, { answers: new Map(), sealed: new Set() }),
    ).toBeNull();
    const zoned = [member('a', { zone: 'eu' }), member('e', { zone: 'eu' }), member('d', { zone: 'us' }), member('f', { zone: 'us' })];
    const placement = [{ group: 'eu/0', zone: 'eu', memberId: 'a' }];
    const leaving = { member: zoned[2]!, state: 'retiring' as const };
    expect(whyNotStep(leaving, { members: zoned, placement }, { answers: new Map(), sealed: new Set(['a']) })).toBeNull();
    expect(whyNotStep(leaving, { members: zoned, placement }, { answers: new Map(), sealed: new Set() })).not.toBeNull();
  });
});
