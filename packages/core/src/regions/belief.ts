// What the loops of one monitor tell each other about the mesh: the lease keeper whom it suspects, the proposer what the members say of it.
import type { Suspicion } from '../domain/index.js';

export class RegionBelief {
  /** Of this region's lease, as it was settled last; null: it has none. */
  leftMs: number | null = null;
  suspicions: readonly Suspicion[] = [];
  /** Members that a majority suspects: they get no further grant from here. */
  suspectedByMajority: ReadonlySet<string> = new Set();
  /** Members that an operator gave up (D9), each with who did: they are suspected though nobody could take anything of them by himself. */
  givenUp: ReadonlyMap<string, string> = new Map();
  /** Has the proposer look now: it is what a group waits for that has drained. */
  lookNow: () => void = () => undefined;
  /** What was decided last about the mesh, as a sentence. */
  verdict: string | null = null;

  forget(): void {
    this.leftMs = null;
    this.suspicions = [];
    this.suspectedByMajority = new Set();
    this.givenUp = new Map();
    this.verdict = null;
  }
}
