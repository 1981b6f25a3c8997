// All tries, the report, the exit code: 1 when a law was broken or a try came to no end.
import { seededRandom } from '../harness/load.js';
import type { Options } from './options.js';
import { rehearse } from './rehearsal.js';
import {
  commit,
  loadAverage,
  machine,
  type Result,
  resultOf,
  save,
  type ScenarioResult,
  skippedFor,
  versions,
  writeJson,
} from './result.js';
import type { Tried } from './scenario.js';
import { tableOf } from './table.js';

const log = (line: string): void => void process.stderr.write(`${(performance.now() / 1_000).toFixed(1).padStart(7)} ${line}\n`);

export async function runFaults(options: Options): Promise<number> {
  const { scenarios, json, seed, part } = options;
  const about = { date: new Date().toISOString(), commit: commit(), machine: machine(), versions: versions(), seed, part };
  log(`${scenarios.length} faults, ${options.tries} tries each, --seed ${seed}`);
  const before = loadAverage();
  const results: Record<string, ScenarioResult> = {};
  const soFar = (): Result => {
    const seconds = Math.round(performance.now() / 1_000);
    return { ...about, seconds, loadAverage: [before, loadAverage()], scenarios: results };
  };
  for (const scenario of scenarios) {
    results[scenario.name] = await resultsOf(scenario, options);
    if (json !== null) writeJson(json, soFar()); // what there is, should it be interrupted
  }
  const result = soFar();
  process.stdout.write(`${tableOf(result)}\n`);
  if (options.save) log(`kept: ${save(result)}`);
  const troubles = Object.entries(results).flatMap(([name, { sentences, failures }]) =>
    [...sentences, ...failures].map((sentence) => `${name}: ${sentence}`),
  );
  for (const trouble of troubles) log(`NOT GOOD: ${trouble}`);
  return troubles.length > 0 ? 1 : 0;
}

async function resultsOf(scenario: Tried, { tries, withinMs, seed }: Options): Promise<ScenarioResult> {
  const { name } = scenario;
  const reason = scenario.skip?.() ?? null;
  if (reason !== null) {
    log(`${name}: skipped: ${reason}`);
    return skippedFor(reason, scenario);
  }
  const rehearsal = await rehearse(scenario, {
    tries,
    random: seededRandom(seed),
    isEnough: () => withinMs !== null && performance.now() > withinMs,
    onVerdict: ({ partsMs, violations }, nth) => log([`${name} ${nth + 1}: ${JSON.stringify(partsMs)}`, ...violations].join('\n        ')),
    onFailure: (message, nth) => log(`${name} ${nth + 1} came to no end: ${message}`),
  });
  return resultOf(rehearsal, scenario);
}
