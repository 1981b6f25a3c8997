import { readOptions } from '../src/options.js';

describe('the command line', () => {
  it('means everything, in full, kept among the results', () => {
    const options = readOptions([]);
    expect(options).toMatchObject({ save: true, sweep: false, json: null, sizes: { name: 'full', historyRuns: 1_000_000 } });
    expect(options.peers).toContain('graphileBatched');
    expect(options.only).toContain('history');
  });

  it('selects workloads and peers; what is not whole is not kept', () => {
    const options = readOptions(['--quick', '--only', 'chain3,latency', '--peers', 'ours,floor', '--json', 'x.json']);
    expect(options).toMatchObject({
      only: ['chain3', 'latency'],
      peers: ['ours', 'floor'],
      json: 'x.json',
      save: false,
      sizes: { name: 'quick' },
    });
  });

  it('measures the cost with the 3-step chains', () => {
    expect(readOptions(['--only', 'cost']).only).toEqual(['chain3']);
  });

  it('knows what a word means or needs', () => {
    expect(readOptions(['--only', 'scaling']).only).toEqual(['scalingExecutors', 'scalingRouters', 'scalingDatabase']);
    expect(readOptions(['--only', 'history,bloat']).only).toEqual(['chain3', 'history', 'bloat']);
  });

  it('measures several regions when it is asked to, in a few minutes', () => {
    const { only, sizes } = readOptions(['--only', 'regions']);
    expect(only).toEqual(['regionsThroughput', 'regionsSubmission', 'regionsDecisions', 'regionsCheck']);
    expect(sizes.limitSeconds).toBe(420);
    expect(readOptions(['--only', 'regions,chain3']).sizes.limitSeconds).toBe(1_140);
    expect(readOptions([]).only).not.toContain('regionsCheck');
  });

  it('leaves the scaling out where there is little time', () => {
    expect(readOptions([]).only).toContain('scalingRouters');
    expect(readOptions(['--quick']).only).not.toContain('scalingRouters');
    expect(readOptions(['--quick']).only).toContain('bloat');
  });

  it('takes a longer history, with the time that it needs', () => {
    const { sizes, save } = readOptions(['--only', 'history', '--history-runs', '10000000']);
    expect(sizes).toMatchObject({ historyRuns: 10_000_000, historySeconds: 240 + 9 * 180, limitSeconds: 1_140 + 9 * 180 });
    expect(save).toBe(false);
    expect(readOptions(['--history-runs', '1000000']).sizes).toEqual(readOptions([]).sizes);
  });

  it('keeps a part when it is told to, and nothing when it is told not to', () => {
    expect(readOptions(['--only', 'scaling', '--save'])).toMatchObject({ save: true, isWhole: false });
    expect(readOptions(['--no-save'])).toMatchObject({ save: false, isWhole: true });
  });

  it('takes other settings and another number of rounds', () => {
    const options = readOptions(['--set', 'ours.batchSize=100', '--set', 'dbos.workers=4', '--rounds', '5']);
    expect(options).toMatchObject({ set: { 'ours.batchSize': 100, 'dbos.workers': 4 }, sizes: { rounds: 5 }, save: false });
  });
});
