// Judges the recorded history of several regions, as checker.ts does for one.
import * as laws from './region-laws.js';

export type RegionLawName = keyof typeof laws;

export interface RegionBreach {
  readonly law: RegionLawName;
  readonly sentence: string;
}

const BREACHES_MAX = 20;

/** What breaks a law, at most BREACHES_MAX of each. Empty is what a scenario expects. */
export function breachesOfRegions(history: laws.RegionsHistory): RegionBreach[] {
  return (Object.entries(laws) as [RegionLawName, laws.RegionLaw][]).flatMap(([law, broken]) =>
    broken(history)
      .slice(0, BREACHES_MAX)
      .map((sentence) => ({ law, sentence })),
  );
}
