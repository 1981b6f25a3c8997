// A fault, as something that can be tried any number of times: once or twice in `npm test`, twenty times by `pnpm test:faults`. One body for both.
import type { Region, RegionOptions } from '../harness/region.js';
import type { Verdict } from './findings.js';
import type { Trial } from './trial.js';

export interface Described {
  /** As in `--only`. */
  readonly name: string;
  /** What is measured, as the end of a sentence. */
  readonly measured: string;
  /** What the default settings promise, in ms; null: nothing. A time beyond it is marked, and no violation: timings never decide a verdict. */
  readonly boundMs: number | null;
  /** Why it cannot be tried on this machine; null: it can. */
  skip?(): string | null;
}

/** In one region. */
export interface Scenario extends Described {
  readonly region: RegionOptions;
  /** Once for each region, before its first try. */
  prepare(region: Region): Promise<Fault>;
}

/** Where tries are made. */
export interface Stage {
  attempt(nth: number, random: () => number): Promise<Verdict>;
  /** What its services complained of lately. */
  complaints(): string[];
  close(): Promise<void>;
}

/** On a stage of its own kind. */
export interface Staged extends Described {
  build(): Promise<Stage>;
}

export type Tried = Scenario | Staged;

export interface Fault {
  /** Brings the fault about, and leaves the region as the next try wants to find it, with all runs ended. */
  strike(trial: Trial): Promise<void>;
  /** Ends what the region does not know of. */
  end?(): Promise<void>;
}
