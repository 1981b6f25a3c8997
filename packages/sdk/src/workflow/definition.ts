// From options to the definition that is registered. The database has the last word; what is refused here is refused earlier, by the
// line that wrote it, with the same code. Cycles cannot be written: a step knows earlier ones only.
import {
  QUEUE_PATTERN,
  SLUG_PATTERN,
  STEPS_MAX,
  WorkflowError,
  type StepDefinition,
  type WorkflowDefinition,
  type WorkflowErrorCode,
} from '@singularity-workflow/core';
import type { MapOptions, StepOptions, WhenExhausted, WorkflowOptions } from './types.js';

export type AnyStepOptions = Partial<StepOptions<readonly string[], WhenExhausted>> &
  Partial<Pick<MapOptions<string, WhenExhausted>, 'over'>>;

const ATTEMPTS_LIMIT = 100;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const START_DELAY_LIMIT_MS = 2_147_483_647;
const WHEN_EXHAUSTED: readonly string[] = ['fail', 'skip', 'skip-cascade'] satisfies WhenExhausted[];

type Check = (value: unknown, field: string) => void;

const integerBetween =
  (from: number, to: number): Check =>
  (value, field) => {
    if (!Number.isInteger(value) || (value as number) < from || (value as number) > to) {
      throw refused('bad_option', `${field} must be an integer from ${from} to ${to}, not ${shown(value)}`, field);
    }
  };

const SHARED_OPTIONS: Readonly<Record<string, readonly [wire: string, check: Check]>> = {
  maxAttempts: ['max_attempts', integerBetween(1, ATTEMPTS_LIMIT)],
  baseDelayMs: ['base_delay_ms', integerBetween(0, DAY_MS)],
  maxDelayMs: ['max_delay_ms', integerBetween(0, WEEK_MS)],
  timeoutMs: ['timeout_ms', integerBetween(1, WEEK_MS)],
  queue: ['queue', assertQueue],
};

const STEP_OPTIONS: typeof SHARED_OPTIONS = {
  ...SHARED_OPTIONS,
  startDelayMs: ['start_delay_ms', integerBetween(0, START_DELAY_LIMIT_MS)],
  whenExhausted: ['when_exhausted', assertWhenExhausted],
};

/** Head of a definition: everything but its steps. */
export function headOf(slug: string, options: WorkflowOptions): Omit<WorkflowDefinition, 'steps'> {
  assertSlug(slug, 'slug');
  return { slug, ...wireOptions(options, SHARED_OPTIONS, []) };
}

export function stepOf(earlier: readonly StepDefinition[], slug: string, options: AnyStepOptions): StepDefinition {
  const step = admit(earlier, slug);
  const dependencies = options.dependsOn ?? [];
  if (!Array.isArray(dependencies)) throw refused('bad_option', `dependsOn of "${slug}" must be an array of step slugs`, 'dependsOn');
  for (const dependency of dependencies as readonly string[]) assertKnown(earlier, slug, dependency, 'dependsOn');
  if (new Set(dependencies).size < dependencies.length)
    throw refused('bad_option', `dependsOn of "${slug}" names a step twice`, 'dependsOn');
  return {
    ...step,
    ...(dependencies.length > 0 && { depends_on: [...dependencies] }),
    ...wireOptions(options, STEP_OPTIONS, ['dependsOn']),
  };
}

export function mapOf(earlier: readonly StepDefinition[], slug: string, options: AnyStepOptions): StepDefinition {
  const step = admit(earlier, slug);
  const { over } = options;
  if (over !== undefined) {
    const [source, ...path] = typeof over === 'string' ? over.split('.') : [''];
    if (path.includes('')) throw refused('bad_option', `over of "${slug}" has an empty key: ${shown(over)}`, 'over');
    assertKnown(earlier, slug, source as string, 'over');
  }
  return { ...step, kind: 'map', ...(over !== undefined && { over }), ...wireOptions(options, STEP_OPTIONS, ['over']) };
}

function admit(earlier: readonly StepDefinition[], slug: string): { slug: string } {
  assertSlug(slug, `steps.${earlier.length}.slug`);
  if (earlier.some((step) => step.slug === slug)) throw refused('duplicate_step', `there is a step "${slug}" already`, 'slug');
  if (earlier.length >= STEPS_MAX) throw refused('too_many_steps', `a workflow has at most ${STEPS_MAX} steps`, 'steps');
  return { slug };
}

function wireOptions(options: object, known: typeof SHARED_OPTIONS, elsewhere: readonly string[]): object {
  const wire: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || elsewhere.includes(name)) continue;
    const option = known[name];
    if (!option) throw refused('bad_option', `there is no option "${name}"`, name);
    const [wireName, check] = option;
    check(value, name);
    wire[wireName] = value;
  }
  return wire;
}

function assertSlug(slug: unknown, field: string): void {
  if (typeof slug !== 'string' || !SLUG_PATTERN.test(slug))
    throw refused('bad_slug', `${shown(slug)} does not match ${SLUG_PATTERN.source}`, field);
}

function assertQueue(queue: unknown, field: string): void {
  if (typeof queue !== 'string' || !QUEUE_PATTERN.test(queue))
    throw refused('bad_queue', `${shown(queue)} does not match ${QUEUE_PATTERN.source}`, field);
}

function assertWhenExhausted(value: unknown, field: string): void {
  if (!WHEN_EXHAUSTED.includes(value as string)) {
    throw refused('bad_option', `${field} must be one of ${WHEN_EXHAUSTED.join(', ')}, not ${shown(value)}`, field);
  }
}

function assertKnown(earlier: readonly StepDefinition[], slug: string, dependency: string, field: string): void {
  if (!earlier.some((step) => step.slug === dependency)) {
    throw refused('unknown_dependency', `"${slug}" names ${shown(dependency)}, which is no earlier step`, field);
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function refused(code: WorkflowErrorCode, message: string, field: string): WorkflowError {
  return new WorkflowError(code, message, { field });
}
