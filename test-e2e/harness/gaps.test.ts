import type { AttemptNote } from './attempts.js';
import { gapsOf, pausesOf, startsOf } from './gaps.js';

const note = (kind: AttemptNote['kind'], runId: string, at: number): AttemptNote => ({
  kind, process: 'executor-1', at, runId, stepSlug: 'a', taskIndex: 0, attempt: 1,
}); // prettier-ignore
const runs = [
  { runId: 'r1', tenant: 'x' },
  { runId: 'r2', tenant: 'y' },
];

it('a tenant waits from its last start at home to the first one elsewhere', () => {
  const starts = [
    ...startsOf('eu', [note('start', 'r1', 10), note('end', 'r1', 12), note('start', 'r1', 30), note('start', 'unknown', 31)], runs),
    ...startsOf('us', [note('start', 'r1', 75), note('start', 'r1', 80)], runs),
  ];
  expect([...gapsOf(starts, new Map([['x', 'eu'], ['y', 'eu']]), 20)]).toEqual([['x', 45]]); // prettier-ignore
});

it('what ran elsewhere before does not count', () => {
  const starts = [
    ...startsOf('us', [note('start', 'r2', 5), note('start', 'r2', 60)], runs),
    ...startsOf('eu', [note('start', 'r2', 40)], runs),
  ];
  expect([...gapsOf(starts, new Map([['y', 'eu']]), 20)]).toEqual([['y', 20]]);
});

it('pauses are those between two starts at home, before a moment', () => {
  const starts = [
    ...startsOf(
      'eu',
      [10, 15, 40, 90].map((at) => note('start', 'r1', at)),
      runs,
    ),
    ...startsOf('us', [note('start', 'r1', 20)], runs),
  ];
  expect(pausesOf(starts, new Map([['x', 'eu']]), 50)).toEqual([5, 25]);
});
