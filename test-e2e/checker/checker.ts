// Judges a recorded history. Knows the laws by name; what breaks one is a sentence.
import type { History } from './history.js';
import * as laws from './laws.js';

export type LawName = keyof typeof laws;

export interface Breach {
  readonly law: LawName;
  readonly sentence: string;
}

const BREACHES_MAX = 20;

/** What breaks a law, at most BREACHES_MAX of each. Empty is what a scenario expects. */
export function breaches(history: History): Breach[] {
  return (Object.entries(laws) as [LawName, laws.Law][]).flatMap(([law, broken]) =>
    broken(history)
      .slice(0, BREACHES_MAX)
      .map((sentence) => ({ law, sentence })),
  );
}
