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
  const ordered = MODES.flatMap((mode) => results.filter((result) => result.mode === mode));
  const used = new Map();
  return {
    /** A number or null; notes where it is from. */
    find: (workload, key, metric) => {
      const from = ordered.find(({ workloads }) => typeof workloads[workload]?.[key]?.[metric] === 'number');
      if (from === undefined) return null;
      used.set(from.name, from);
      return from.workloads[workload][key][metric];
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
