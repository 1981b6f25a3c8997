// The command line of `npm run planet`.
import { Command } from 'commander';
import { atMost } from './numbers.js';

export interface Options {
  readonly demo: boolean;
  /** Of each part of the demo. */
  readonly runs: number;
}

const DEMO_RUNS = 300;
const DEMO_RUNS_MAX = 10_000;

export function readOptions(args: readonly string[]): Options {
  const { demo = false, runs } = new Command('npm run planet --')
    .description('Three regions on this machine: three PostgreSQL servers, the services of each, and links that can be cut.')
    .option('--demo', 'submit work, kill a region, show the takeover, bring it back, show that all are equal')
    .option('--runs <number>', 'of each part of the demo', atMost(DEMO_RUNS_MAX), DEMO_RUNS)
    .allowExcessArguments(false)
    .parse([...args], { from: 'user' })
    .opts<{ demo?: boolean; runs: number }>();
  return { demo, runs };
}
