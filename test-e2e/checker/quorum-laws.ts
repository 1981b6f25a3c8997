// The laws of durability quorum (R11), judged by what handlers of `e2e-witness` noted: each of its steps adds a token of its attempt to those that it was
// given, so that the output of a run tells which attempts counted. All runs of it have durability quorum.
import type { AttemptNote } from '../harness/attempts.js';
import type { RegionLaw, RegionsHistory } from './region-laws.js';

export const WITNESS = 'e2e-witness';
const STEPS: ReadonlySet<string> = new Set(['first', 'second', 'third']);

/** What every region ended with: the tokens of each witness. Of runs that have not ended: none. */
function tokensOf({ copies }: RegionsHistory): Map<string, readonly string[] | null> {
  const runs = copies.flatMap((copy) => copy.runs.filter(({ workflow }) => workflow === WITNESS));
  return new Map(runs.map(({ runId, output }) => [runId, (output as { third?: { tokens: string[] } } | null)?.third?.tokens ?? null]));
}

const startsOf = ({ notes }: RegionsHistory): AttemptNote[] =>
  notes.flatMap((region) => region.notes.filter(({ kind, stepSlug }) => kind === 'start' && STEPS.has(stepSlug)));

/** The tokens that an attempt was given by the step before it. */
function given({ input }: AttemptNote): readonly string[] {
  const { first, second } = input as { first?: { tokens: string[] }; second?: { tokens: string[] } };
  return (second ?? first)?.tokens ?? [];
}

/** Nothing builds on an output that a takeover could forget: what a step was given stands in the end. */
export const nothingWasBuiltOnWhatIsForgotten: RegionLaw = (history) => {
  const tokens = tokensOf(history);
  return startsOf(history).flatMap((note) => {
    const final = tokens.get(note.runId);
    if (final === undefined || final === null || given(note).every((token, at) => final[at] === token)) return [];
    return [
      `${note.stepSlug} of run ${note.runId} was given ${given(note).join(', ')}, which is forgotten: it ended with ${final.join(', ')}`,
    ];
  });
};

/** Nothing begins that a takeover could forget: whatever ran is of a run that stands. */
export const nothingBeganThatIsForgotten: RegionLaw = (history) => {
  const tokens = tokensOf(history);
  const forgotten = new Set(startsOf(history).flatMap(({ runId }) => (tokens.has(runId) ? [] : [runId])));
  return [...forgotten].map((runId) => `run ${runId} had begun, and no region knows it`);
};
