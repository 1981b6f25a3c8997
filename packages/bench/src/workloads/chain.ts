// (a), (b), (c): runs of 1, 3 and 10 steps that follow one another.
import { chain } from '../shape.js';
import { throughput } from './throughput.js';

export const chain1 = throughput({ name: 'chain1', title: '1-step runs', shape: chain(1) });
export const chain3 = throughput({ name: 'chain3', title: '3-step chains', shape: chain(3) });
export const chain10 = throughput({ name: 'chain10', title: '10-step chains', shape: chain(10) });
