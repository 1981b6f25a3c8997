// One try of a fault in a region: what its clients were told. At its end the checker judges the history.
import { isDeepStrictEqual } from 'node:util';
import { breaches } from '../checker/checker.js';
import type { Acknowledged, Crash } from '../checker/history.js';
import { outputOf, runsOf, submit, type Wanted } from '../harness/load.js';
import { beginAnew, readHistory } from '../harness/recorder.js';
import type { Region } from '../harness/region.js';
import { Findings, type Verdict, wordsOf } from './findings.js';

/** Numbers of a try's runs begin at a multiple of this. */
const RUNS_MAX = 100_000;

export class Trial extends Findings {
  readonly acknowledged: Acknowledged[] = [];
  readonly crashes: Crash[] = [];
  private runs: number;

  private constructor(
    readonly region: Region,
    nth: number,
    random: () => number,
    private readonly after: string | null,
  ) {
    super(nth, random);
    this.runs = nth * RUNS_MAX;
  }

  static async begin(region: Region, nth: number, random: () => number): Promise<Trial> {
    region.forgetAttempts();
    return new Trial(region, nth, random, await beginAnew(region.db));
  }

  /** Runs that no other try has. */
  wanted(workflow: string, count: number, more: object = {}): Wanted[] {
    const runs = runsOf(workflow, count, more, this.runs);
    this.runs += count;
    return runs;
  }

  /** Starts runs, and remembers that they were acknowledged. */
  async submit(workflow: string, count: number, more: object = {}): Promise<Acknowledged[]> {
    return this.submitAll(this.wanted(workflow, count, more));
  }

  async submitAll(wanted: readonly Wanted[]): Promise<Acknowledged[]> {
    const runs = await submit(this.region.client, wanted);
    this.acknowledged.push(...runs);
    return runs;
  }

  /** These runs must have answered what their workflows do. */
  async outputsAreRight(runs: readonly Acknowledged[], right: (run: Acknowledged) => unknown = outputOf): Promise<void> {
    const outputs = await this.region.outputs(runs);
    const wrong = runs.flatMap((run, at) => (isDeepStrictEqual(outputs[at], right(run)) ? [] : [`${run.key}: ${wordsOf(outputs[at])}`]));
    if (wrong.length > 0) this.violated(`${wrong.length} outputs are wrong, as that of ${wrong[0]}`);
  }

  async end(): Promise<Verdict> {
    const { region, acknowledged, crashes, after } = this;
    await region.settled();
    const history = await readHistory(region.db, { acknowledged, attempts: region.attempts(), crashes, after });
    return this.verdict(breaches(history));
  }
}
