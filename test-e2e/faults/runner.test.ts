import { runFaults } from './runner.js';
import type { Scenario, Staged } from './scenario.js';

const options = { tries: 5, withinMs: null, json: null, save: false, part: ['it'], seed: 1 };
const scenario: Scenario = {
  name: 'it',
  measured: 'from here to there',
  boundMs: null,
  region: { place: () => Promise.reject(new Error('no server here')) },
  prepare: () => Promise.reject(new Error('never reached')),
};

let said = '';
beforeEach(() => {
  said = '';
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => ((said += String(text)), true));
});
afterEach(() => jest.restoreAllMocks());

it('ends with 1 when tries come to no end, and gives up after three of them', async () => {
  expect(await runFaults({ ...options, scenarios: [scenario] })).toBe(1);
  expect(said.match(/it \d came to no end: Error: no server here/g)).toHaveLength(3);
  expect(said).toMatch(/it +│ +0 │ +0, 3 failed/);
});

it('ends with 0 when all that there is was left out', async () => {
  expect(await runFaults({ ...options, scenarios: [{ ...scenario, skip: () => 'no cluster here' }] })).toBe(0);
  expect(said).toContain('it: skipped: no cluster here');
});

/** A stage of its own kind: tries after the first one do what `attempt` says. */
function staged(attempt: () => Promise<readonly string[]>): { readonly scenario: Staged; readonly events: string[] } {
  const events: string[] = [];
  const build: Staged['build'] = () => {
    events.push('built');
    return Promise.resolve({
      attempt: async (nth) => ({ violations: nth === 0 ? [] : await attempt(), partsMs: { first: 1_000 } }),
      complaints: () => ['what a service said'],
      close: () => Promise.resolve(void events.push('closed')),
    });
  };
  return { scenario: { name: 'staged', measured: 'nothing', boundMs: null, build }, events };
}

it('makes all tries on one stage, and ends with 1 when one of them broke a law', async () => {
  const { scenario, events } = staged(() => Promise.resolve(['a law was broken']));
  expect(await runFaults({ ...options, tries: 2, scenarios: [scenario] })).toBe(1);
  expect(events).toEqual(['built', 'closed']);
  expect(said).toContain('NOT GOOD: staged: a law was broken');
});

it('takes another stage after a try that came to no end', async () => {
  const { scenario, events } = staged(() => Promise.reject(new Error('it hung')));
  expect(await runFaults({ ...options, tries: 3, scenarios: [scenario] })).toBe(1);
  expect(events).toEqual(['built', 'closed', 'built', 'closed']);
  expect(said).toContain('came to no end: Error: it hung\nwhat a service said');
});

it('begins no further try when its time is over, and counts those that it made', async () => {
  const { scenario, events } = staged(() => Promise.resolve(['never tried']));
  expect(await runFaults({ ...options, withinMs: 0, tries: 3, scenarios: [scenario] })).toBe(0);
  expect(events).toEqual(['built', 'closed']);
  expect(said).toMatch(/staged +│ +1 │/);
});
