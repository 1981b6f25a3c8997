// Counts handler calls: the proof that no step was left out and none ran twice. A byte for each step of each run of the range.
import { nowNs } from '../measure/clock.js';
import type { Range } from '../peers/peer.js';
import { type Shape, type StepOutput, stepsOf } from '../shape.js';

export class Tally {
  readonly counts: Uint8Array;
  calls = 0;
  /** Calls for runs outside the range. */
  strays = 0;
  firstCallNs: bigint | null = null;
  private readonly steps: number;

  constructor(
    private readonly range: Range,
    shape: Shape,
    private readonly onCall?: (run: number, step: number) => void,
  ) {
    this.steps = stepsOf(shape);
    this.counts = new Uint8Array(range.count * this.steps);
  }

  note(run: number, step: number): StepOutput {
    this.firstCallNs ??= nowNs();
    this.calls += 1;
    const at = (run - this.range.first) * this.steps + step;
    if (at >= 0 && at < this.counts.length) this.counts[at]! += 1;
    else this.strays += 1;
    this.onCall?.(run, step);
    return { run, step };
  }
}

/** Sentences about steps that did not run exactly once. */
export function mistakesInCalls(counts: readonly Uint8Array[], strays: number): string[] {
  let never = 0;
  let often = 0;
  for (let at = 0; at < (counts[0]?.length ?? 0); at += 1) {
    let calls = 0;
    for (const one of counts) calls += one[at]!;
    if (calls === 0) never += 1;
    else if (calls > 1) often += 1;
  }
  const mistakes = [];
  if (never > 0) mistakes.push(`${never} steps never ran`);
  if (often > 0) mistakes.push(`${often} steps ran more than once`);
  if (strays > 0) mistakes.push(`${strays} handler calls belong to another round`);
  return mistakes;
}
