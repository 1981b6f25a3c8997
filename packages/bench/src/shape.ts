// What a run is made of. A step is durable when its completion is recorded before what depends on it starts; every peer does the same steps.

/** `chain`: each step waits for the one before. `fanout`: a root, `width` elements that wait for it, and a join that waits for all of them. */
export type Shape = { readonly kind: 'chain'; readonly steps: number } | { readonly kind: 'fanout'; readonly width: number };

export const chain = (steps: number): Shape => ({ kind: 'chain', steps });
export const fanout = (width: number): Shape => ({ kind: 'fanout', width });

/** Handler calls of one run, which are its durable steps: a map's elements count one each. */
export function stepsOf(shape: Shape): number {
  return shape.kind === 'chain' ? shape.steps : shape.width + 2;
}

/** The step whose end is the end of the run. Steps of a run are numbered from 0; in a fan-out 0 is the root, the join comes last. */
export const lastStepOf = (shape: Shape): number => stepsOf(shape) - 1;

/** What every handler answers, and what is looked for afterwards. */
export interface StepOutput {
  readonly run: number;
  readonly step: number;
}

/** The no-op that every peer calls for every step: notes the call, answers which one it was. */
export type Handle = (run: number, step: number) => StepOutput;
