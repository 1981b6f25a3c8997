import type { AttemptNote } from '../harness/attempts.js';
import { executedInTwoRegions, type RegionNotes } from './homes.js';

const note = (kind: AttemptNote['kind'], at: number, runId: string, attempt = 1): AttemptNote => ({
  kind, process: 'executor-1', at, runId, stepSlug: 'hold', taskIndex: 0, attempt,
}); // prettier-ignore

const tenantOf = (runId: string): string => runId.split('-')[0]!;
const judge = (...regions: readonly (readonly [string, readonly AttemptNote[], (readonly number[])?])[]): string[] =>
  executedInTwoRegions(
    regions.map(([region, notes, killedAt = []]): RegionNotes => ({ region, notes, killedAt })),
    tenantOf,
  );

it('accepts one region after the other', () => {
  expect(judge(['eu', [note('start', 1, 'a-1'), note('end', 2, 'a-1')]], ['us', [note('start', 2, 'a-2'), note('end', 3, 'a-2')]])).toEqual(
    [],
  );
});

it('accepts different tenants in two regions at once', () => {
  expect(judge(['eu', [note('start', 1, 'a-1'), note('end', 5, 'a-1')]], ['us', [note('start', 2, 'b-1'), note('end', 3, 'b-1')]])).toEqual(
    [],
  );
});

it('accepts many attempts at once in one region', () => {
  expect(judge(['eu', [note('start', 1, 'a-1'), note('start', 1, 'a-2'), note('end', 5, 'a-1'), note('end', 6, 'a-2')]])).toEqual([]);
});

it('names a tenant that two regions executed at once', () => {
  const eu = [note('start', 1, 'a-1'), note('end', 5, 'a-1')];
  const us = [note('start', 4, 'a-2'), note('end', 6, 'a-2')];
  expect(judge(['eu', eu], ['us', us])).toEqual([
    'a was executed in two regions: executor-1 a-1:hold:0 attempt 1 in eu until 5, executor-1 a-2:hold:0 attempt 1 in us from 4',
  ]);
});

it('sees a long attempt behind a short one that began later', () => {
  const eu = [note('start', 1, 'a-1'), note('start', 2, 'a-2'), note('end', 3, 'a-2'), note('end', 9, 'a-1')];
  expect(judge(['eu', eu], ['us', [note('start', 4, 'a-3'), note('end', 6, 'a-3')]])).toHaveLength(1);
});

it('takes the death of a region for the end of what ran there', () => {
  const eu = [note('start', 1, 'a-1')];
  const us = [note('start', 7, 'a-1', 2), note('end', 8, 'a-1', 2)];
  expect(judge(['eu', eu, [5]], ['us', us])).toEqual([]);
  expect(judge(['eu', eu, [7.5]], ['us', us])).toHaveLength(1);
  expect(judge(['eu', eu], ['us', us])).toHaveLength(1);
});

it('does not take an earlier death for the end of what began after the return', () => {
  const us = [note('start', 8, 'a-2'), note('end', 9, 'a-2')];
  expect(judge(['eu', [note('start', 7, 'a-1')], [5]], ['us', us])).toHaveLength(1);
});
