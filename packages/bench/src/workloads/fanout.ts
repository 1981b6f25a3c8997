// (d): a diamond: a root, a map of 100 elements, a join.
import { fanout as fanoutOf } from '../shape.js';
import { throughput } from './throughput.js';

const WIDTH = 100;

export const fanout = throughput({ name: 'fanout', title: `diamond with a map of ${WIDTH}`, shape: fanoutOf(WIDTH) });
