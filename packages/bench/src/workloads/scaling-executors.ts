// What more executors bring: the 3-step chains again, with 1, 2 and 4 processes of the same settings on the same machine.
import type { Contestant } from '../contest.js';
import { chain } from '../shape.js';
import { throughput } from './throughput.js';

const EXECUTORS = [1, 2, 4];

export const scalingExecutors = throughput({
  name: 'scalingExecutors',
  title: '3-step chains by 1, 2 and 4 executors',
  shape: chain(3),
  entrants: async (contestants) => contestants.filter(({ peer }) => peer.name === 'ours').flatMap(withExecutors),
});

const withExecutors = ({ key, peer, settings }: Contestant): Contestant[] =>
  EXECUTORS.map((workers) => ({
    key: key === peer.name ? `executors${workers}` : `${key} executors${workers}`,
    label: `${workers} executor${workers > 1 ? 's' : ''}`,
    peer,
    settings: { ...settings, workers },
  }));
