// What the workers of a story are: one that can do everything, one that knows some steps only, one that reads one queue only.
import { QUEUES } from './arbitraries.js';

export interface Trade {
  readonly queues: readonly string[];
  reads(queue: string): boolean;
  runs(step: string): boolean;
}

const trade = (queues: readonly string[], runs: (step: string) => boolean): Trade => ({
  queues,
  reads: (queue) => queues.includes(queue),
  runs,
});

export const TRADES: readonly Trade[] = [
  trade(QUEUES, () => true),
  trade(QUEUES, (step) => Number(step.slice(1)) % 2 === 0),
  trade(QUEUES.slice(0, 1), () => true),
];
