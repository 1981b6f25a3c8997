// How long recovery takes, from the kept results of `pnpm test:faults`: of each fault the newest result with the most tries.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/turbo.mjs';
import { code, table } from './tables.mjs';

const RESULTS = 'test-e2e/results';
const HEADING = ['fault', 'tries', 'violations', 'p50', 'p95', 'max', 'bound', 'measured', 'in'];

export function faults() {
  const results = readdirSync(join(root, RESULTS))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse()
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(root, RESULTS, name), 'utf8')) }));
  return faultsOf(results);
}

/** @param {object[]} results newest first, each with its file's `name` */
export function faultsOf(results) {
  const names = [...new Set(results.toReversed().flatMap(({ scenarios }) => Object.keys(scenarios)))];
  const used = [];
  const rows = names.flatMap((name) => {
    const candidates = results.filter(({ scenarios }) => name in scenarios);
    const best = candidates.reduce((a, b) => (b.scenarios[name].tries > a.scenarios[name].tries ? b : a));
    if (!used.includes(best)) used.push(best);
    return rowsOf(name, best.scenarios[name], used.indexOf(best) + 1);
  });
  return [table(HEADING, rows), ...used.map((result, at) => sourceOf(result, at + 1))].join('\n\n');
}

function rowsOf(name, { tries, violations, recoveryMs, partsMs, boundMs, measured, skipped, failures }, source) {
  if (skipped !== undefined) return [[code(name), 0, '', '', '', '', '', `skipped: ${skipped}`, `(${source})`]];
  const troubles = failures.length === 0 ? violations : `${violations}; ${failures.length} tries came to no end`;
  const bound = boundMs === null ? '' : seconds(boundMs);
  const parts = Object.entries(partsMs);
  const whole = [code(name), tries, troubles, ...times(recoveryMs), bound, measured, `(${source})`];
  return [whole, ...(parts.length < 2 ? [] : parts.map(([part, ms]) => [`· ${part}`, '', '', ...times(ms), '', '', '']))];
}

const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;

/** Nearest rank. */
const percentile = (values, percent) => values.toSorted((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1];
const times = (values) => (values.length === 0 ? ['', '', ''] : [50, 95, 100].map((percent) => seconds(percentile(values, percent))));

function sourceOf({ name, date, machine, versions, commit, seed, loadAverage }, at) {
  const where = `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.os}; PostgreSQL ${versions.postgresql}, Node ${versions.node}`;
  const load = loadAverage === undefined ? '' : `, load average ${loadAverage[0]} before, ${loadAverage[1]} after`;
  return `(${at}) [${name}](../${RESULTS}/${name}): ${date.slice(0, 10)}, ${where}; commit ${commit}, \`--seed ${seed}\`${load}.`;
}
