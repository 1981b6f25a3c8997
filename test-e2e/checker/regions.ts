// Judges the recorded history of several regions, as checker.ts does for one.
import { nothingBeganThatIsForgotten, nothingWasBuiltOnWhatIsForgotten } from './quorum-laws.js';
import * as regionLaws from './region-laws.js';

const laws = { ...regionLaws, nothingBeganThatIsForgotten, nothingWasBuiltOnWhatIsForgotten };

export type RegionLawName = keyof typeof laws;

export interface RegionBreach {
  readonly law: RegionLawName;
  readonly sentence: string;
}

const BREACHES_MAX = 20;

/** What breaks a law, at most BREACHES_MAX of each. Empty is what a scenario expects. */
export function breachesOfRegions(history: regionLaws.RegionsHistory): RegionBreach[] {
  return (Object.entries(laws) as [RegionLawName, regionLaws.RegionLaw][]).flatMap(([law, broken]) =>
    broken(history)
      .slice(0, BREACHES_MAX)
      .map((sentence) => ({ law, sentence })),
  );
}
