// The only reader of process.env. One frozen, typed value per process, checked once at the start; all mistakes are told at once.
import type { AppName, Variable } from './kinds.js';
import { CROSS_RULES } from './rules.js';
import { type Config, type ConfigKey, VARIABLES } from './variables.js';

export interface ConfigMistake {
  name: string;
  /** As given, passwords masked; null where it was not given. */
  value: string | null;
  rule: string;
  /** The default in words; null where the variable is required. */
  default: string | null;
}

/** The configuration is wrong. `code` is that of a WorkflowError; `mistakes` lists every wrong variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'invalid_config';

  constructor(
    readonly app: AppName,
    readonly mistakes: readonly ConfigMistake[],
  ) {
    super(`The configuration of the ${app} is wrong:\n${mistakes.map((mistake) => `  ${sentenceOf(mistake)}`).join('\n')}`);
  }
}

function sentenceOf({ name, value, rule, default: fallback }: ConfigMistake): string {
  const given = value === null ? `${name} is not set` : `${name} is '${value}'`;
  return `${given}; it must be ${rule}${fallback === null ? ' (required)' : ` (default: ${fallback})`}`;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable is an unset one: that is what `NAME=` in an env file means. */
function given(env: Environment, name: string): string | null {
  const text = env[name]?.trim();
  return text === undefined || text === '' ? null : text;
}

function isMissed({ fallback, mayBeMissing }: Variable<unknown>, env: Environment): boolean {
  return fallback === undefined && mayBeMissing?.((name) => given(env, name)) !== true;
}

const entries = Object.entries(VARIABLES) as [ConfigKey, Variable<unknown>][];

function fallbackOf(variable: Variable<unknown>, app: AppName): unknown {
  return typeof variable.fallback === 'function' ? (variable.fallback as (app: AppName) => unknown)(app) : variable.fallback;
}

function wordsOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : `${value as string | number | boolean}`;
}

function fallbackWordsOf(variable: Variable<unknown>): string | null {
  if (variable.fallback === undefined) return null;
  return variable.fallbackWords ?? wordsOf(variable.fallback);
}

/** Passwords are masked inside an address; any other secret is hidden whole. */
function shown(variable: Variable<unknown>, text: string): string {
  if (!variable.secret) return text;
  return /^[a-z]+:\/\/[^:@/\s]*(:[^@/\s]*)?@/.test(text) ? text.replace(/^([a-z]+:\/\/[^:@/\s]*)(:[^@]*)?@/, '$1:***@') : '***';
}

function mistakeOf(variable: Variable<unknown>, text: string | null, rule = variable.rule): ConfigMistake {
  return { name: variable.name, value: text === null ? null : shown(variable, text), rule, default: fallbackWordsOf(variable) };
}

/**
 * Reads the environment of `app` once. Variables that it does not know are left alone (an environment is shared).
 *
 * Throws ConfigError with every mistake: name, value (passwords masked), rule, default.
 */
export function loadConfig(app: AppName, env: Environment = process.env): Config {
  const mistakes: ConfigMistake[] = [];
  const values: Partial<Record<ConfigKey, unknown>> = {};
  for (const [key, variable] of entries) {
    const text = given(env, variable.name);
    if (text === null) {
      if (isMissed(variable, env)) mistakes.push(mistakeOf(variable, null));
      values[key] = fallbackOf(variable, app) ?? null;
      continue;
    }
    const parsed = variable.schema.safeParse(text);
    if (parsed.success) values[key] = parsed.data;
    else mistakes.push(mistakeOf(variable, text));
  }
  for (const [key, variable] of mistakes.length === 0 ? entries : [])
    if (variable.follows !== undefined && given(env, variable.name) === null) values[key] = variable.follows(values) ?? values[key];
  const config = { app, ...values } as Config;
  for (const { name, rule, holds } of mistakes.length === 0 ? CROSS_RULES : []) {
    if (holds(config)) continue;
    const [key, variable] = entries.find(([, candidate]) => candidate.name === name)!;
    mistakes.push(mistakeOf(variable, config[key] === null ? null : wordsOf(config[key]), rule));
  }
  if (mistakes.length > 0) throw new ConfigError(app, mistakes);
  for (const value of Object.values(config)) if (typeof value === 'object') Object.freeze(value);
  return Object.freeze(config);
}

export interface ConfigRow {
  name: string;
  rule: string;
  /** In words; null where the variable is required. */
  default: string | null;
  apps: 'all' | readonly AppName[];
  secret: boolean;
  description: string;
}

/** One row per variable, in the table's order, and the rules over several: what the configuration reference is made of. */
export function describeConfig(): { variables: ConfigRow[]; rules: { name: string; rule: string }[] } {
  const variables = entries.map(([, variable]) => ({
    name: variable.name,
    rule: variable.rule,
    default: fallbackWordsOf(variable),
    apps: variable.apps,
    secret: variable.secret ?? false,
    description: variable.description,
  }));
  return { variables, rules: CROSS_RULES.map(({ name, rule }) => ({ name, rule })) };
}

/** The effective configuration as lines `NAME=value` of what the app reads, passwords masked: what `--print-config` shows. */
export function printConfig(config: Config): string {
  return entries
    .filter(([, variable]) => variable.apps === 'all' || variable.apps.includes(config.app))
    .map(([key, variable]) => {
      const value = config[key];
      return `${variable.name}=${value === null ? '' : shown(variable, wordsOf(value))}`;
    })
    .join('\n');
}
