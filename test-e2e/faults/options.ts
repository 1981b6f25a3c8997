// The command line of `pnpm test:faults`, and of `pnpm test:faults:regions`.
import { Command, InvalidArgumentError } from 'commander';
import { SCENARIOS } from './scenarios.js';
import type { Tried } from './scenario.js';

export interface Options {
  readonly scenarios: readonly Tried[];
  readonly tries: number;
  /** After so long no further try begins; null: all are made. */
  readonly withinMs: number | null;
  /** File of the JSON; null: none. */
  readonly json: string | null;
  /** Keep the result in test-e2e/results. */
  readonly save: boolean;
  /** Names, where not all are tried. */
  readonly part: readonly string[] | null;
  readonly seed: number;
}

interface Given {
  readonly only?: string[];
  readonly tries: number;
  readonly minutes?: number;
  readonly json?: string;
  readonly save?: boolean;
  readonly seed?: number;
}

export interface Suite {
  readonly command: string;
  readonly description: string;
  readonly scenarios: readonly Tried[];
  /** Unless told otherwise. */
  readonly tries: number;
}

const ONE_REGION: Suite = {
  command: 'pnpm test:faults',
  description: 'Real faults against real processes, again and again: what broke a law, and how long recovery took.',
  scenarios: SCENARIOS,
  tries: 20,
};

export function readOptions(args: readonly string[], suite: Suite = ONE_REGION): Options {
  const names = suite.scenarios.map(({ name }) => name);
  const command = new Command(suite.command)
    .description(suite.description)
    .option('--only <names>', `comma-separated: ${names.join(', ')}`, listOf(names))
    .option('--tries <number>', 'how often each', wholeNumber, suite.tries)
    .option('--minutes <number>', 'begin no further try after so long', wholeNumber)
    .option('--json <file>', 'write the result as JSON')
    .option('--seed <number>', 'repeats the moments at which faults come', wholeNumber)
    .option('--save', 'keep the result in test-e2e/results though it is a part')
    .option('--no-save', 'do not keep the result in test-e2e/results')
    .allowExcessArguments(false)
    .parse([...args], { from: 'user' });
  const { only, tries, minutes, json = null, save, seed = (Date.now() % 0x7fff_ffff) + 1 } = command.opts<Given>();
  return {
    scenarios: only === undefined ? suite.scenarios : suite.scenarios.filter(({ name }) => only.includes(name)),
    tries,
    withinMs: minutes === undefined ? null : minutes * 60_000,
    json,
    save: save ?? (only === undefined && tries >= suite.tries),
    part: only ?? null,
    seed,
  };
}

const listOf =
  (known: readonly string[]) =>
  (value: string): string[] => {
    const names = value.split(',').map((name) => name.trim());
    for (const name of names) if (!known.includes(name)) throw new InvalidArgumentError(`"${name}" is none of ${known.join(', ')}`);
    return names;
  };

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 on is needed');
  return number;
}
