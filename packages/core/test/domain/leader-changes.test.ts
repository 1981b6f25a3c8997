import { leaderChanges, type LeadershipSeen, type LeaseSeen } from '../../src/domain/leader-changes.js';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const lease = (change: Partial<LeaseSeen> = {}): LeaseSeen => ({
  name: 'scheduler',
  holder: 'ada',
  token: 1,
  acquiredAt: at(0),
  expiresAt: at(10),
  held: true,
  ...change,
});
const seen = (leases: LeaseSeen[], change: Partial<LeadershipSeen> = {}): LeadershipSeen => ({
  leases,
  holders: new Map([['ada', 'active']]),
  recorded: new Map(),
  ownGaps: new Map(),
  ...change,
});
const sentences = (before: LeadershipSeen | null, now: LeadershipSeen): string[] =>
  leaderChanges(before, now).map(({ sentence }) => sentence);

const ada = seen([lease()], { recorded: new Map([['scheduler', 'ada']]) });
const bobHolds = lease({ holder: 'bob', token: 2, acquiredAt: at(13), expiresAt: at(23) });

describe('a change of a leader', () => {
  it('is the first one where nobody led before', () => {
    expect(sentences(null, seen([lease()]))).toEqual(['scheduler: nobody led before; ada leads with token 1']);
  });

  it('is none while the same term goes on, and none while nobody holds the lease', () => {
    expect(sentences(ada, seen([lease({ expiresAt: at(20) })]))).toEqual([]);
    expect(sentences(ada, seen([lease({ held: false })]))).toEqual([]);
  });

  it.each([
    ['stopped', 'scheduler: ada stopped; bob leads with token 2 after 3000 ms without a leader'],
    ['silent', 'scheduler: ada fell silent; bob leads with token 2 after 3000 ms without a leader'],
    ['active', 'scheduler: ada lives, but did not renew in time or was fenced; bob leads with token 2 after 3000 ms without a leader'],
  ] as const)('says why and for how long nobody led when the former is %s', (state, sentence) => {
    expect(sentences(ada, seen([bobHolds], { holders: new Map([['ada', state]]) }))).toEqual([sentence]);
  });

  it.each([
    ['promote', 'promoted', 'scheduler: ada was asked to hand over; bob leads with token 2 after 40 ms without a leader'],
    ['stop', 'left', 'scheduler: ada stopped; bob leads with token 2 after 40 ms without a leader'],
    ['fence', 'fenced', 'scheduler: ada was fenced by an operator; bob leads with token 2 after 40 ms without a leader'],
  ] as const)('names the command %s that brought it about, and the gap that the lease itself knows', (command, cause, sentence) => {
    const change = leaderChanges(ada, seen([{ ...bobHolds, command, withoutMs: 40 }]));
    expect(change).toMatchObject([{ cause, sentence, withoutMs: 40 }]);
  });

  it('takes a former leader whose row is gone for silent', () => {
    expect(leaderChanges(ada, seen([bobHolds], { holders: new Map() }))).toMatchObject([{ former: 'ada', cause: 'silent' }]);
  });

  it('is one, too, when the same holder came back with a new token', () => {
    const again = lease({ token: 2, acquiredAt: at(40), expiresAt: at(50) });
    expect(leaderChanges(ada, seen([again]))).toMatchObject([{ former: 'ada', successor: 'ada', cause: 'expired', withoutMs: 30_000 }]);
  });

  it('is decided once: what is recorded already is not recorded again', () => {
    expect(sentences(ada, seen([bobHolds], { recorded: new Map([['scheduler', 'bob']]) }))).toEqual([]);
  });
});

describe('a monitor that has just taken over', () => {
  it('finds nothing new where the recorded leader still leads', () => {
    expect(sentences(null, ada)).toEqual([]);
  });

  it('finds the change that nobody watched, and does not know how long it took', () => {
    const now = seen([bobHolds], { recorded: new Map([['scheduler', 'ada']]), holders: new Map([['ada', 'stopped']]) });
    expect(sentences(null, now)).toEqual(['scheduler: ada stopped; bob leads with token 2']);
  });

  it('knows the gap of the lease that it took itself', () => {
    const now = seen([bobHolds], { recorded: new Map([['scheduler', 'ada']]), ownGaps: new Map([['scheduler', 1_234]]) });
    expect(leaderChanges(null, now)).toMatchObject([{ withoutMs: 1_234 }]);
  });
});
