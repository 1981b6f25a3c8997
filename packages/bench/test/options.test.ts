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

  it('takes other settings and another number of rounds', () => {
    const options = readOptions(['--set', 'ours.batchSize=100', '--set', 'dbos.workers=4', '--rounds', '5']);
    expect(options).toMatchObject({ set: { 'ours.batchSize': 100, 'dbos.workers': 4 }, sizes: { rounds: 5 }, save: false });
  });
});
