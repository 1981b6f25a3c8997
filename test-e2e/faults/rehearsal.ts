// Tries of a scenario, one after the other on one stage: a region, or several. A try that fails (something did not happen in time) ends its stage; the
// next one gets another. Limit: after FAILURES_MAX of them it gives up.
import { Region } from '../harness/region.js';
import type { Verdict } from './findings.js';
import type { Scenario, Stage, Tried } from './scenario.js';
import { Trial } from './trial.js';

export interface Rehearsal {
  readonly verdicts: readonly Verdict[];
  /** Messages of tries that failed. */
  readonly failures: readonly string[];
}

export interface RehearsalOptions {
  readonly tries: number;
  readonly random: () => number;
  /** Asked before each try but the first: true ends it there. */
  readonly isEnough?: () => boolean;
  /** Told of each try. */
  readonly onVerdict?: (verdict: Verdict, nth: number) => void;
  readonly onFailure?: (message: string, nth: number) => void;
}

const FAILURES_MAX = 3;

export async function rehearse(scenario: Tried, { tries, random, isEnough, onVerdict, onFailure }: RehearsalOptions): Promise<Rehearsal> {
  const verdicts: Verdict[] = [];
  const failures: string[] = [];
  let stage: Stage | null = null;
  try {
    for (let nth = 0; nth < tries && failures.length < FAILURES_MAX; nth += 1) {
      if (nth > 0 && isEnough?.() === true) break;
      try {
        stage ??= await ('build' in scenario ? scenario.build() : inOneRegion(scenario));
        const verdict = await stage.attempt(nth, random);
        verdicts.push(verdict);
        onVerdict?.(verdict, nth);
      } catch (error) {
        const message = [String(error), ...(stage?.complaints() ?? [])].join('\n');
        failures.push(message);
        onFailure?.(message, nth);
        await stage?.close();
        stage = null;
      }
    }
  } finally {
    await stage?.close();
  }
  return { verdicts, failures };
}

async function inOneRegion(scenario: Scenario): Promise<Stage> {
  const region = await Region.start(scenario.region);
  try {
    const fault = await scenario.prepare(region);
    return {
      attempt: async (nth, random) => {
        const trial = await Trial.begin(region, nth, random);
        await fault.strike(trial);
        return trial.end();
      },
      complaints: () => region.complaints(),
      close: async () => {
        await fault.end?.();
        await region.close();
      },
    };
  } catch (error) {
    await region.close();
    throw error;
  }
}
