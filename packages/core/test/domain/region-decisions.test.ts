import {
  decideOnRegions, type MemberVote, NOTHING, type RegionDecision, type RegionMember, type RegionsSeen, takeableFrom, type TopologyValue,
} from '../../src/domain/index.js'; // prettier-ignore

const names = ['a', 'b', 'c'];
const members: RegionMember[] = names.map((region) => ({ memberId: region, region, zone: 'global', state: 'full' }));
const placement = names.map((memberId, at) => ({ group: `global/${at}`, zone: 'global', memberId }));
const quiet: MemberVote = { suspected: [], sealed: [], accepted: false, lastEpoch: 4, copied: true };
const votes = (given: Record<string, Partial<MemberVote>>) =>
  new Map(Object.entries(given).map(([id, vote]) => [id, { ...quiet, ...vote }]));
const turnMs = 100;

function decide(more: Partial<RegionsSeen>): RegionDecision {
  const seen = {
    self: 'a',
    epoch: 5,
    members,
    placement,
    suspicions: [],
    votes: votes({ a: {}, b: {}, c: {} }),
    seals: [],
    waitingMs: 0,
    givenUp: new Set<string>(),
    wish: null,
    ...more,
  };
  return decideOnRegions(seen, { turnMs });
}
const suspicion = { memberId: 'c', grantsSeen: 7, granting: false };

describe('a monitor', () => {
  it('does nothing for its suspicion alone', () => {
    expect(decide({ suspicions: [suspicion], votes: votes({ a: { suspected: ['c'] }, b: {} }) })).toEqual({
      do: 'wait',
      sentence: 'everything is as it should be',
    });
  });

  it('seals whom a majority suspects, this region among them', () => {
    const suspected = votes({ a: { suspected: ['c'] }, b: { suspected: ['c'] } });
    expect(decide({ suspicions: [suspicion], votes: suspected })).toEqual({
      do: 'seal',
      memberId: 'c',
      grantsSeen: 7,
      sentence: '2 of 3 members suspect c',
    });
    expect(decide({ votes: suspected })).toMatchObject({ do: 'wait' });
  });

  it('seals nobody to whom it still grants', () => {
    const suspected = votes({ a: { suspected: ['c'] }, b: { suspected: ['c'] } });
    expect(decide({ suspicions: [{ ...suspicion, granting: true }], votes: suspected })).toMatchObject({ do: 'wait' });
  });

  it('finishes a seal that has no ranks for this epoch', () => {
    expect(decide({ seals: [{ memberId: 'c', epoch: 5, deposedEpoch: null, counts: false }] })).toEqual({
      do: 'finish_seal',
      memberId: 'c',
      sentence: 'the seal of c has no ranks for epoch 5 yet',
    });
  });

  it('proposes when a majority has sealed, in its turn', () => {
    const sealed = votes({ a: { suspected: ['c'], sealed: ['c'] }, b: { suspected: ['c'], sealed: ['c'] } });
    const seals = [{ memberId: 'c', epoch: 5, deposedEpoch: null, counts: true }];
    expect(decide({ votes: sealed, seals })).toEqual({ do: 'propose', wanted: null, sentence: 'a majority has sealed c' });
    expect(decide({ self: 'b', votes: sealed, seals, waitingMs: 99 })).toEqual({
      do: 'wait',
      sentence: 'a majority has sealed c; 1 others propose before this region',
    });
    expect(decide({ self: 'b', votes: sealed, seals, waitingMs: 100 })).toMatchObject({ do: 'propose' });
  });

  it('finishes an epoch in which somebody accepted a value', () => {
    expect(decide({ votes: votes({ a: {}, b: { accepted: true } }) })).toEqual({
      do: 'propose',
      wanted: null,
      sentence: 'somebody began to decide epoch 5',
    });
  });

  it('ends a seal that stayed alone', () => {
    const seals = [{ memberId: 'c', epoch: 5, deposedEpoch: null, counts: true }];
    expect(decide({ votes: votes({ a: { sealed: ['c'] }, b: {}, c: {} }), seals })).toEqual({
      do: 'propose',
      wanted: null,
      sentence: 'no majority suspects c any more',
    });
    expect(decide({ votes: votes({ a: { sealed: ['c'], suspected: ['c'] }, b: { suspected: ['c'] } }), seals })).toMatchObject({
      do: 'wait',
    });
  });

  it('unseals when the deposed one itself says that it knows, and not when somebody else does', () => {
    const seals = [{ memberId: 'c', epoch: null, deposedEpoch: 4, counts: false }];
    expect(decide({ seals, votes: votes({ a: {}, b: {} }) })).toMatchObject({ do: 'wait' });
    expect(decide({ seals, votes: votes({ a: {}, b: {}, c: { lastEpoch: 3 } }) })).toMatchObject({ do: 'wait' });
    expect(decide({ seals, votes: votes({ a: {}, b: {}, c: { lastEpoch: 4 } }) })).toMatchObject({
      do: 'unseal',
      memberId: 'c',
      knownEpoch: 4,
    });
  });

  it('proposes what it wants, but not while anybody is suspected', () => {
    const value: TopologyValue = { version: 1, kind: 'register', by: 'a', tenants: [] };
    const wish = { value, sentence: 'a tenant' };
    expect(decide({ wish })).toEqual({ do: 'propose', wanted: value, sentence: 'a tenant' });
    expect(decide({ wish, votes: votes({ a: {}, b: { suspected: ['c'] } }) })).toEqual({
      do: 'wait',
      sentence: 'a tenant: not while a member is suspected',
    });
  });

  it('forces what an operator gave up when everybody else has sealed it, and nothing while it answers', () => {
    const two = members.slice(0, 2);
    const givenUp = new Set(['b']);
    const seals = [{ memberId: 'b', epoch: 5, deposedEpoch: null, counts: true }];
    const lost = { memberId: 'b', grantsSeen: 3, granting: false };
    const alone = { members: two, givenUp };
    expect(decide({ ...alone, votes: votes({ a: {}, b: {} }) })).toMatchObject({
      do: 'wait',
      sentence: 'b answers: it is not lost, and nothing is forced',
    });
    expect(decide({ ...alone, votes: votes({ a: { suspected: ['b'] } }), suspicions: [lost] })).toMatchObject({
      do: 'seal',
      memberId: 'b',
    });
    expect(decide({ ...alone, votes: votes({ a: { sealed: ['b'] } }), seals })).toMatchObject({ do: 'force', lost: ['b'] });
    expect(decide({ givenUp, votes: votes({ a: { sealed: ['b'] } }), seals })).toMatchObject({
      do: 'wait',
      sentence: 'c does not answer: give it up too, or wait for it',
    });
    expect(decide({ givenUp, votes: votes({ a: { sealed: ['b'] }, c: {} }), seals })).toMatchObject({
      do: 'wait',
      sentence: 'c has not sealed b yet',
    });
  });

  it('of a region that does not vote decides nothing', () => {
    const joining = members.map((member) => (member.memberId === 'a' ? { ...member, state: 'joining' as const } : member));
    expect(decide({ members: joining, wish: { value: NOTHING, sentence: '' } })).toEqual({
      do: 'wait',
      sentence: 'this region does not vote',
    });
  });
});

describe('something can be taken from a member', () => {
  const takeable = (answering: string[], more: Partial<{ members: RegionMember[]; placement: typeof placement }> = {}) =>
    [...takeableFrom({ members, placement, ...more }, new Set(answering))].toSorted();

  it('when a majority answers without it', () => {
    expect(takeable(['a', 'b'])).toEqual(['c']);
    expect(takeable(['a'])).toEqual([]);
    expect(takeable(['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
  });

  it('when it holds a group', () => {
    expect(takeable(['a', 'b'], { placement: placement.slice(0, 2) })).toEqual([]);
  });

  it('of a zone, when enough members of the zone answer', () => {
    const zoned: RegionMember[] = [
      { memberId: 'a', region: 'a', zone: 'eu', state: 'full' },
      { memberId: 'b', region: 'b', zone: 'us', state: 'full' },
      { memberId: 'c', region: 'c', zone: 'asia', state: 'full' },
    ];
    const inAsia = [{ group: 'asia/0', zone: 'asia', memberId: 'c' }];
    expect(takeable(['a', 'b'], { members: zoned, placement: inAsia })).toEqual([]);
  });
});
