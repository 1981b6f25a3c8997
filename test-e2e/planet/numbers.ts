import { InvalidArgumentError } from 'commander';

/** Reads a whole number from 1 on, as an argument. */
export const atMost =
  (max: number) =>
  (value: string): number => {
    if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > max)
      throw new InvalidArgumentError(`A whole number from 1 to ${max}.`);
    return Number(value);
  };
