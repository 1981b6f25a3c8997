// The laws find what was done to a history that keeps them.
import type { AttemptNote } from '../harness/attempts.js';
import * as laws from './quorum-laws.js';
import type { Copy, RegionsHistory } from './region-laws.js';

const note = (stepSlug: string, attempt: number, input: unknown, runId = 'r1'): AttemptNote => ({
  kind: 'start',
  process: 'executor',
  at: attempt,
  runId,
  stepSlug,
  taskIndex: 0,
  attempt,
  input,
});
const copy = (region: string, tokens: string[] | null = ['a2', 'b1', 'c1']): Copy => ({
  region,
  runs: [
    { runId: 'r1', tenant: 't', workflow: laws.WITNESS, key: 'k', status: 'completed', output: tokens && { third: { n: 1, tokens } } },
    { runId: 'other', tenant: 't', workflow: 'e2e-chain', key: 'l', status: 'completed', output: { square: 1 } },
  ],
  parts: [],
  messages: 0,
  digests: new Map(),
  decisions: new Map(),
  lost: new Map(),
  merged: new Map(),
});
const kept: RegionsHistory = {
  acknowledged: [],
  copies: [copy('eu'), copy('us')],
  notes: [
    { region: 'eu', killedAt: [], notes: [note('first', 1, { n: 1 }), note('double', 1, { n: 1 }, 'gone')] },
    {
      region: 'us',
      killedAt: [],
      notes: [
        note('first', 2, { n: 1 }),
        note('second', 1, { first: { tokens: ['a2'] } }),
        note('third', 1, { second: { tokens: ['a2', 'b1'] } }),
      ],
    },
  ],
};
const withNote = (more: AttemptNote): RegionsHistory => ({
  ...kept,
  notes: [...kept.notes, { region: 'ap', killedAt: [], notes: [more] }],
});

it('are kept by a run whose first step ran twice, one output of which was built on', () => {
  expect([laws.nothingWasBuiltOnWhatIsForgotten(kept), laws.nothingBeganThatIsForgotten(kept)]).toEqual([[], []]);
});

it('find a step that was given an output which is forgotten', () => {
  expect(laws.nothingWasBuiltOnWhatIsForgotten(withNote(note('second', 1, { first: { tokens: ['a1'] } })))).toEqual([
    'second of run r1 was given a1, which is forgotten: it ended with a2, b1, c1',
  ]);
  expect(laws.nothingWasBuiltOnWhatIsForgotten(withNote(note('third', 1, { second: { tokens: ['a2', 'b0'] } })))).toHaveLength(1);
});

it('find a run that had begun and is forgotten', () => {
  expect(laws.nothingBeganThatIsForgotten(withNote(note('first', 1, { n: 1 }, 'r2')))).toEqual([
    'run r2 had begun, and no region knows it',
  ]);
});
