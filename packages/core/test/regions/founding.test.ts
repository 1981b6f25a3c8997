import { NOTHING } from '../../src/domain/index.js';
import { decideOnFounding } from '../../src/regions/index.js';
import type { LogAnswer } from '../../src/store/index.js';

const listed = ['a', 'b', 'c'].map((id) => ({ id, zone: 'global' }));
const log = (region: string, more: Partial<LogAnswer> = {}): LogAnswer => ({
  mesh_id: null,
  region: null,
  member_id: `id-${region}`,
  last_epoch: 0,
  stopped_reason: null,
  filled: false,
  entries: [],
  ...more,
});
const decide = (answers: Record<string, LogAnswer | null>) => decideOnFounding('a', listed, new Map(Object.entries(answers)));
const foundedBy = (...ids: string[]) => {
  const members = ids.map((region) => ({ region, member_id: `id-${region}`, zone: 'global' }));
  return [{ epoch: 1, value: { version: 1 as const, kind: 'found' as const, mesh_id: 'm', has_zones: false, members }, decided_at: '' }];
};

describe('a region without a mesh', () => {
  it('founds one with all that REGIONS lists when none of them has a log', () => {
    expect(decide({ a: log('a'), b: log('b'), c: log('c') })).toEqual({
      do: 'found',
      members: ['a', 'b', 'c'].map((region) => ({ region, member_id: `id-${region}`, zone: 'global' })),
      sentence: 'none of a, b, c has a log',
    });
  });

  it('waits for every one of them', () => {
    expect(decide({ a: log('a'), b: null, c: log('c') })).toEqual({
      do: 'wait',
      sentence: 'a mesh begins when all regions answer; silent: b',
    });
  });

  it('learns a log that names it, whoever is silent', () => {
    const b = log('b', { last_epoch: 2, entries: [...foundedBy('a', 'b'), { epoch: 2, value: NOTHING, decided_at: '' }] });
    expect(decide({ a: log('a'), b, c: null })).toEqual({ do: 'join', region: 'b', sentence: 'b has a log that names this region' });
  });

  it('founds nothing beside a log that does not name it', () => {
    const b = log('b', { last_epoch: 1, entries: foundedBy('b', 'c') });
    expect(decide({ a: log('a'), b, c: log('c') })).toMatchObject({
      do: 'wait',
      sentence: 'b has a log that does not name this region: an operator adds it',
    });
  });

  it('founds nothing with a region that has runs', () => {
    expect(decide({ a: log('a'), b: log('b', { filled: true }), c: log('c') })).toMatchObject({ do: 'wait' });
    expect(decideOnFounding('a', [listed[0]!], new Map([['a', log('a', { filled: true })]]))).toMatchObject({ do: 'found' });
  });
});
