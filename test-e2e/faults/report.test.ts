import { readOptions } from './options.js';
import { REGION_SCENARIOS } from './regions/scenarios.js';
import { resultOf, skippedFor } from './result.js';
import { percentile, tableOf } from './table.js';

const about = { measured: 'from here to there', boundMs: 10_000 };
const verdicts = [
  { violations: [], partsMs: { first: 1_000, last: 4_000 } },
  { violations: ['a law was broken'], partsMs: { first: 12_000, last: 2_000 } },
];

describe('the result of a fault', () => {
  it('has the longest of what each try measured, all violations, and what was measured by name', () => {
    expect(resultOf({ verdicts, failures: ['it hung'] }, about)).toEqual({
      tries: 2,
      violations: 1,
      recoveryMs: [4_000, 12_000],
      measured: 'from here to there',
      boundMs: 10_000,
      partsMs: { first: [1_000, 12_000], last: [4_000, 2_000] },
      sentences: ['a law was broken'],
      failures: ['it hung'],
    });
  });
});

describe('percentile', () => {
  it('is a value that was measured: the nearest rank', () => {
    const values = Array.from({ length: 20 }, (_, k) => 20 - k);
    expect([50, 95, 100].map((percent) => percentile(values, percent))).toEqual([10, 19, 20]);
    expect(percentile([7], 95)).toBe(7);
  });

  it('is refused of nothing', () => {
    expect(() => percentile([], 50)).toThrow(RangeError);
  });
});

describe('the table', () => {
  const scenarios = { broken: resultOf({ verdicts, failures: [] }, about), absent: skippedFor('no cluster here', about) };
  const lines = tableOf({ scenarios }).split('\n');

  it('marks what took longer than its bound', () => {
    expect(lines.find((line) => line.includes(' broken '))).toMatch(/2 │ +1 │ +4\.0 s │ +12\.0 s ! │ +12\.0 s ! │ +10\.0 s/);
  });

  it('has a row for each of several things that were measured', () => {
    expect(lines.find((line) => line.includes('   last '))).toMatch(/2\.0 s │ +4\.0 s │ +4\.0 s/);
  });

  it('says why a fault was left out', () => {
    expect(lines.find((line) => line.includes(' absent '))).toContain('skipped: no cluster here');
  });
});

describe('the command line', () => {
  afterEach(() => jest.restoreAllMocks());

  it('tries all faults twenty times and keeps the result, unless told otherwise', () => {
    expect(readOptions([])).toMatchObject({ tries: 20, save: true, part: null, json: null });
    expect(readOptions(['--tries', '3'])).toMatchObject({ tries: 3, save: false });
    expect(readOptions(['--only', 'executor-killed,leader-paused', '--seed', '7'])).toMatchObject({ save: false, seed: 7 });
    expect(readOptions(['--only', 'leader-paused']).scenarios.map(({ name }) => name)).toEqual(['leader-paused']);
  });

  it('knows the faults of several regions in their own command only', () => {
    const suite = { command: 'it', description: 'It.', scenarios: REGION_SCENARIOS, tries: 3 };
    expect(readOptions([], suite)).toMatchObject({ tries: 3, save: true });
    expect(readOptions(['--only', 'region-killed'], suite).scenarios.map(({ name }) => name)).toEqual(['region-killed']);
  });

  it.each([
    [['--only', 'executor-kiled'], /"executor-kiled" is none of executor-killed/],
    [['--tries', '0'], /a whole number from 1 on is needed/],
  ])('refuses %j', (args, message) => {
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    jest.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('exit');
    });
    expect(() => readOptions(args)).toThrow('exit');
    expect(said.mock.calls.join('')).toMatch(message);
  });
});
