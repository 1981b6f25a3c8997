// The kept results of the bench, and where a number of the documents is from: of each the newest result that has it, a full one before a quick one.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/turbo.mjs';

const RESULTS = 'packages/bench/results';
const MODES = ['full', 'quick'];
const UNKNOWN = 'not measured yet';

/** Newest first, each with its file's `name`. */
export function keptResults() {
  return readdirSync(join(root, RESULTS))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse()
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(root, RESULTS, name), 'utf8')) }));
}

/** @param {object[]} results newest first */
export function finderOf(results) {
  const numberIn = ({ workloads }, workload, key, metric) => {
    const value = workloads[workload]?.[key]?.[metric];
    return typeof value === 'number' ? value : null;
  };
  const ordered = MODES.flatMap((mode) => results.filter((result) => result.mode === mode));
  const used = new Map();
  return {
    /** A number or null; notes where it is from. `most`: of those that have it that with the most of this other metric. */
    find: (workload, key, metric, most) => {
      const having = ordered.filter((result) => numberIn(result, workload, key, metric) !== null);
      const amount = (result) => (most === undefined ? 0 : numberIn(result, workload, key, most));
      const [from] = having.toSorted((one, other) => amount(other) - amount(one));
      if (from === undefined) return null;
      used.set(from.name, from);
      return numberIn(from, workload, key, metric);
    },
    /** The files, their dates and machines, as one sentence's beginning. */
    sources: () => {
      const about = [...used.values()].map(
        ({ name, date, machine: { cpu, cores: count, memoryGiB } }) =>
          `[${name}](../${RESULTS}/${name}) (${date.slice(0, 10)}; ${count} cores of ${cpu}, ${memoryGiB} GiB)`,
      );
      return about.length === 0 ? null : `From ${about.join(', ')}`;
    },
  };
}

export const shown = (value, digits) =>
  value === null ? UNKNOWN : value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
export const percentOf = (share, digits = 0) => (share === null ? UNKNOWN : `${shown(share * 100, digits)} %`);
