// The command line.
import { Command, InvalidArgumentError, Option } from 'commander';
import { PEER_NAMES, type PeerName } from './peers/peer.js';
import { SIZES, type Sizes, withHistory } from './sizes.js';
import { COMPARED, ONLY_WORDS, REGIONS, USUAL, type WorkloadName, workloadsMeant } from './workloads/names.js';

export interface Options {
  readonly sizes: Sizes;
  readonly only: readonly WorkloadName[];
  readonly peers: readonly PeerName[];
  /** `peer.setting` -> number, instead of the peer's own. */
  readonly set: Readonly<Record<string, number>>;
  readonly sweep: boolean;
  /** File of the JSON; then nothing goes to stdout. */
  readonly json: string | null;
  readonly save: boolean;
  /** Everything of this size, with nothing changed. */
  readonly isWhole: boolean;
  /** Instead of a server of the bench's own. */
  readonly databaseUrl: string | null;
}

interface Given {
  readonly quick?: true;
  readonly tiny?: true;
  readonly only?: string[];
  readonly historyRuns?: number;
  readonly peers?: PeerName[];
  readonly set?: Record<string, number>;
  readonly sweep?: true;
  readonly rounds?: number;
  readonly json?: string;
  readonly save?: boolean;
  readonly databaseUrl?: string;
}

export function readOptions(args: readonly string[]): Options {
  const command = new Command('pnpm bench')
    .description('This engine and its peers, side by side on one PostgreSQL. Full: below 20 minutes.')
    .option('--quick', 'smaller rounds: below 3 minutes')
    .addOption(new Option('--tiny', 'a few runs each, for the test of the bench itself').hideHelp())
    .option(
      '--only <workloads>',
      `comma-separated: ${COMPARED.join(', ')}; cost, which is measured with chain3; scaling, or a part of it: scalingExecutors, scalingRouters, scalingDatabase; regions, or a part of it: ${REGIONS.join(', ')}`,
      listOf(ONLY_WORDS),
    )
    .option('--peers <peers>', `comma-separated: ${PEER_NAMES.join(', ')}`, listOf(PEER_NAMES))
    .option('--rounds <number>', 'rounds of each peer and workload', wholeNumber)
    .option('--history-runs <number>', 'finished runs of history and bloat; above 1,000,000 only ours takes part', wholeNumber)
    .option('--set <peer.setting=number>', 'another setting than the one tuned; repeatable', addSetting)
    .option('--sweep', 'try the candidate settings of each peer against each other')
    .option('--json <file>', 'write the result as JSON; nothing goes to stdout then')
    .option('--save', 'add the result to packages/bench/results though it is a part')
    .option('--no-save', 'do not add the result to packages/bench/results')
    .option('--database-url <url>', 'a superuser of a server to use instead of an embedded one; what it is set to is in the result')
    .allowExcessArguments(false)
    .parse([...args], { from: 'user' });
  return optionsOf(command.opts<Given>());
}

function optionsOf(given: Given): Options {
  const isWhole = PARTIAL.every((name) => given[name] === undefined);
  const only = given.only === undefined ? usual(given) : workloadsMeant(given.only);
  return {
    sizes: limited(sizesOf(given), only),
    only,
    peers: given.peers ?? PEER_NAMES,
    set: given.set ?? {},
    sweep: given.sweep ?? false,
    json: given.json ?? null,
    save: given.save ?? isWhole,
    isWhole,
    databaseUrl: given.databaseUrl ?? null,
  };
}

const REGIONS_LIMIT_SECONDS = 420;
const PARTIAL = ['only', 'peers', 'set', 'rounds', 'historyRuns', 'tiny', 'sweep'] as const satisfies readonly (keyof Given)[];

function sizesOf({ tiny, quick, rounds, historyRuns }: Given): Sizes {
  const sizes = tiny ? SIZES.tiny : quick ? SIZES.quick : SIZES.full;
  const sized = historyRuns === undefined ? sizes : withHistory(sizes, historyRuns);
  return rounds === undefined ? sized : { ...sized, rounds };
}

/** Regions alone are a short story. */
function limited(sizes: Sizes, only: readonly WorkloadName[]): Sizes {
  const isShort = only.every((name) => REGIONS.includes(name));
  return isShort ? { ...sizes, limitSeconds: Math.min(sizes.limitSeconds, REGIONS_LIMIT_SECONDS) } : sizes;
}

function usual({ sweep, tiny, quick }: Given): readonly WorkloadName[] {
  if (sweep) return ['chain1', 'chain3'];
  return tiny || quick ? COMPARED : USUAL;
}

function listOf<Name extends string>(known: readonly Name[]): (value: string) => Name[] {
  return (value) => {
    const names = value.split(',').map((name) => name.trim());
    for (const name of names) if (!known.includes(name as Name)) throw new InvalidArgumentError(`"${name}" is none of ${known.join(', ')}`);
    return names as Name[];
  };
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 on is needed');
  return number;
}

function addSetting(value: string, before: Record<string, number> = {}): Record<string, number> {
  const [name, number] = value.split('=');
  if (!/^\w+\.\w+$/.test(name ?? '') || !Number.isFinite(Number(number ?? 'x')))
    throw new InvalidArgumentError('peer.setting=number is needed');
  return { ...before, [name!]: Number(number) };
}
