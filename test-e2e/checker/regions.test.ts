// Each law of several regions catches what it is there for: a history that keeps all of them, and tampered ones.
import type { AttemptNote } from '../harness/attempts.js';
import * as laws from './region-laws.js';
import { breachesOfRegions, type RegionLawName } from './regions.js';

type History = laws.RegionsHistory;
type Copy = laws.Copy;

const note = (kind: AttemptNote['kind'], at: number, attempt = 1): AttemptNote => ({
  kind,
  process: 'executor-1',
  at,
  attempt,
  runId: 'run-1',
  stepSlug: 'a',
  taskIndex: 0,
});
const run: laws.StoredRun = { runId: 'run-1', tenant: 't', workflow: 'w', key: 'k1', status: 'completed', output: {} };
const standing: laws.StoredRun = { ...run, runId: 'run-3', key: 'k2' };
const copy = (region: string): Copy => ({
  region,
  runs: [run, standing],
  parts: [{ runId: 'run-1', stepSlug: 'a', taskIndex: 0, status: 'completed' }],
  messages: 0,
  digests: new Map([['workflow_runs global/0', '2 abc']]),
  decisions: new Map([[1, { kind: 'found' }]]),
  lost: new Map([['run-2', 'run-3']]),
  merged: new Map([['run-4', 'run-3']]),
});
const told = (runId: string, key: string, promised: laws.Promised = 'local'): laws.AcknowledgedRun => ({
  runId,
  key,
  promised,
  workflow: 'w',
  input: null,
  tenant: 't',
});

/** eu died at 15 with an attempt under way; us ran it again. A run of the key k2 lost it to another one, and a request for it came too late. */
const lawful: History = {
  acknowledged: [told('run-1', 'k1', 'durable'), told('run-2', 'k2'), told('run-3', 'k2'), told('run-4', 'k2', 'requested')],
  notes: [
    { region: 'eu', notes: [note('start', 10)], killedAt: [15] },
    { region: 'us', notes: [note('start', 20, 2), note('end', 30, 2)], killedAt: [] },
  ],
  copies: [copy('eu'), copy('us')],
};
/** What is otherwise in us. */
const inUs = (more: Partial<Copy>): History => ({ ...lawful, copies: [copy('eu'), { ...copy('us'), ...more }] });
/** And in both. */
const everywhere = (more: Partial<Copy>): History => ({ ...lawful, copies: lawful.copies.map((one) => ({ ...one, ...more })) });

const tampered: [RegionLawName, string, History][] = [
  [
    'noTenantInTwoRegionsAtOnce',
    'the region that was given up ran on',
    { ...lawful, notes: [{ region: 'eu', notes: [note('start', 10), note('end', 25)], killedAt: [] }, lawful.notes[1]!] },
  ],
  ['nothingAcknowledgedIsGone', 'one region lacks a run', inUs({ runs: [standing] })],
  ['nothingAcknowledgedIsGone', 'nobody says to whom a run lost its key', everywhere({ lost: new Map() })],
  ['nothingAcknowledgedIsGone', 'the run that should stand is not there', everywhere({ runs: [run] })],
  [
    'nothingAcknowledgedIsGone',
    'a run that survives the loss of a region lost its key',
    { ...lawful, acknowledged: [told('run-2', 'k2', 'durable')] },
  ],
  ['nothingAcknowledgedIsGone', 'nobody says what became of a request', everywhere({ merged: new Map() })],
  ['nothingAcknowledgedIsGone', 'one region does not say what became of a request', inUs({ merged: new Map() })],
  ['nothingAcknowledgedIsGone', 'a request was merged into a run of another key', everywhere({ merged: new Map([['run-4', 'run-1']]) })],
  [
    'nothingAcknowledgedIsGone',
    'a run that was acknowledged as started is called a merged request',
    { ...lawful, acknowledged: [told('run-4', 'k2')] },
  ],
  ['oneDecisionPerEpoch', 'two regions know different decisions', inUs({ decisions: new Map([[1, { kind: 'takeover' }]]) })],
  ['allCopiesAreEqual', 'a row is different', inUs({ digests: new Map([['workflow_runs global/0', '2 abd']]) })],
  ['allCopiesAreEqual', 'a table is empty', inUs({ digests: new Map() })],
  ['oneEffectiveRunPerKey', 'two runs have one key', everywhere({ runs: [run, standing, { ...run, runId: 'run-9' }] })],
  ['everythingEndsEverywhere', 'a run is open in one region', inUs({ runs: [{ ...run, status: 'started' }, standing] })],
  ['everythingEndsEverywhere', 'a task is queued', inUs({ parts: [{ ...copy('us').parts[0]!, status: 'queued' }] })],
  ['everythingEndsEverywhere', 'a message is left', inUs({ messages: 1 })],
];

describe('the checker of several regions', () => {
  it('finds nothing in a lawful history', () => {
    expect(breachesOfRegions(lawful)).toEqual([]);
  });

  it('lets a region that was away know fewer decisions', () => {
    const decisions = new Map<number, unknown>([
      [1, { kind: 'found' }],
      [2, { kind: 'takeover' }],
    ]);
    expect(breachesOfRegions(inUs({ decisions }))).toEqual([]);
  });

  it('believes a run that stands, though a region once took it for lost', () => {
    const lost = new Map([
      ['run-2', 'run-3'],
      ['run-3', 'run-2'],
    ]);
    expect(breachesOfRegions(inUs({ lost }))).toEqual([]);
  });

  it('lets two tenants have the same key', () => {
    const others = { ...run, runId: 'run-9', tenant: 'another' };
    expect(breachesOfRegions(everywhere({ runs: [run, standing, others] }))).toEqual([]);
  });

  it.each(tampered)('finds a breach of %s when %s', (law, _what, history) => {
    expect(breachesOfRegions(history).map((breach) => breach.law)).toContain(law);
  });

  it('is tried with a tampered history for each law', () => {
    expect(new Set(tampered.map(([law]) => law))).toEqual(new Set(Object.keys(laws)));
  });
});
