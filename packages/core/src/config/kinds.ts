// Kinds of environment variables: what a text must be, the rule in words, and the value that it becomes.
import { z } from 'zod';

export const APPS = ['router', 'scheduler', 'executor', 'failover-monitor'] as const;
export type AppName = (typeof APPS)[number];

export const PORT_OF_APP: Readonly<Record<AppName, number>> = { router: 4000, scheduler: 4001, executor: 4002, 'failover-monitor': 4003 };

export interface Variable<T> {
  readonly name: string;
  /** Who reads it; the others accept it and leave it alone. */
  readonly apps: 'all' | readonly AppName[];
  readonly description: string;
  /** The rule in words, as it stands in an error and in the reference. */
  readonly rule: string;
  /** Turns the variable's text into its value; zod's own message is not shown, `rule` is. */
  readonly schema: z.ZodType<T, string>;
  /** What counts where the variable is unset or empty; a function where the default depends on the process. Undefined: required. */
  readonly fallback?: T | ((app: AppName) => T);
  /** A default that depends on other variables, given all of their values by their keys; null: `fallback` counts. */
  readonly follows?: (values: Readonly<Record<string, unknown>>) => T | null;
  /** The default in words, where the value itself would mislead. */
  readonly fallbackWords?: string;
  /** Shown as `***` (a URL: its password only). */
  readonly secret?: boolean;
  /** Of one that is required: where it may be missing all the same, by what else was given. */
  readonly mayBeMissing?: (given: (name: string) => string | null) => boolean;
}

type Rest<T> = Omit<Variable<T>, 'rule' | 'schema'>;

export function wholeNumber(min: number, max: number, rest: Rest<number>): Variable<number> {
  const schema = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
  return { ...rest, rule: `a whole number from ${min} to ${max}`, schema };
}

export function postgresUrl<T extends string | null>(rest: Rest<T>): Variable<T> {
  const schema = z.string().refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text));
  return {
    ...rest,
    secret: true,
    rule: 'an address like postgres://user:password@host:5432/database',
    schema: schema as unknown as z.ZodType<T, string>,
  };
}

export function httpUrls(rest: Rest<readonly string[]>): Variable<readonly string[]> {
  const schema = z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim().replace(/\/+$/, '')))
    .refine((parts) => parts.every(isHttpAddress) && new Set(parts).size === parts.length);
  return {
    ...rest,
    rule: 'one or several addresses like https://router.example.org, separated by commas, each once, without a user',
    schema,
  };
}

function isHttpAddress(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username === '' && password === '' && search === '' && hash === '';
}

export function yesOrNo(rest: Rest<boolean>): Variable<boolean> {
  return { ...rest, rule: 'true or false', schema: z.enum(['true', 'false']).transform((text) => text === 'true') };
}

export function oneOf<const T extends string>(values: readonly [T, ...T[]], rest: Rest<T>): Variable<T> {
  return {
    ...rest,
    rule: values.length === 1 ? `only '${values[0]}' so far` : `one of ${values.join(', ')}`,
    schema: z.enum(values),
  };
}

export function matching(pattern: RegExp, rule: string, rest: Rest<string>): Variable<string> {
  return { ...rest, rule, schema: z.string().regex(pattern) };
}

/** Null where it is unset. */
export function optionally<T>({ fallbackWords = 'none', ...variable }: Omit<Variable<T>, 'fallback'>): Variable<T | null> {
  return { ...variable, schema: variable.schema, fallback: null, fallbackWords };
}

export function list(pattern: RegExp, rule: string, rest: Rest<readonly string[]>): Variable<readonly string[]> {
  const schema = z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every((part) => pattern.test(part)) && new Set(parts).size === parts.length);
  return { ...rest, rule, schema };
}
