// Numbers from numbers. A metric of one round is a number or absent; of a peer it is the median of its rounds, with the lowest and highest.

/** Of one round: metric -> number; null where it was not or cannot be measured. */
export type Round = Readonly<Record<string, number | null>>;

export interface Summary {
  readonly median: Round;
  readonly min: Round;
  readonly max: Round;
}

/** Linear between the two nearest ranks; `percent` from 0 to 100. */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new RangeError('no value, no percentile');
  const sorted = [...values].sort((a, b) => a - b);
  const rank = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(rank)]!;
  const above = sorted[Math.ceil(rank)]!;
  return below + (above - below) * (rank - Math.floor(rank));
}

export const median = (values: readonly number[]): number => percentile(values, 50);

/** Each metric over the rounds that have it. */
export function summarize(rounds: readonly Round[]): Summary {
  const over = (pick: (values: number[]) => number): Round =>
    Object.fromEntries(
      metricsOf(rounds).map((metric) => {
        const values = rounds.map((round) => round[metric]).filter((value): value is number => typeof value === 'number');
        return [metric, values.length === 0 ? null : pick(values)];
      }),
    );
  return { median: over(median), min: over((values) => Math.min(...values)), max: over((values) => Math.max(...values)) };
}

const metricsOf = (rounds: readonly Round[]): string[] => [...new Set(rounds.flatMap((round) => Object.keys(round)))];
