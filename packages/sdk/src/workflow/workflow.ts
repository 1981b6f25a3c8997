import type { StepDefinition, WorkflowDefinition } from '@singularity-workflow/core';
import { headOf, mapOf, stepOf, type AnyStepOptions } from './definition.js';
import type {
  AddedMap,
  AddedStep,
  AnyHandler,
  ElementOf,
  Fresh,
  IsSource,
  MapOptions,
  NeedsArrayInput,
  RootMapOptions,
  RunOutput,
  SlugOf,
  SourceElement,
  SourceStep,
  StepHandler,
  StepInput,
  StepOptions,
  WhenExhausted,
  WorkflowOptions,
} from './types.js';

/** What executors and clients need of a workflow, whatever its types. */
export interface AnyWorkflow {
  readonly slug: string;
  /** The document that is registered: POST it to `/api/definitions`, or let an executor do it. */
  readonly definition: WorkflowDefinition;
  readonly handlers: ReadonlyMap<string, AnyHandler>;
}

/** What is known of the steps, with one more. */
export type With<Steps, Slug extends string, Added> = Steps & { [Key in Slug]: Added };
/** `Slug`, where it is one of the steps. */
export type Known<Steps, Slug extends string> = Slug extends keyof Steps ? Slug : never;

/**
 * A workflow under construction. Immutable: each `step` and `map` answers a new one, which knows the output of every step before it.
 *
 * `Input`: of the run. `Steps`: slug -> what is known of the step. `Inner`: slugs that another step depends on, which are not in the
 * output of the run.
 */
export class Workflow<Input, Steps = unknown, Inner = never> implements AnyWorkflow {
  /** For the compiler only: never there at run time. */
  declare readonly types: { readonly input: Input; readonly output: RunOutput<Steps, Inner> };

  private constructor(
    readonly definition: WorkflowDefinition,
    readonly handlers: ReadonlyMap<string, AnyHandler>,
  ) {}

  static create<Input>(slug: string, options: WorkflowOptions): Workflow<Input> {
    return new Workflow<Input>(frozen({ ...headOf(slug, options), steps: [] }), new Map());
  }

  get slug(): string {
    return this.definition.slug;
  }

  /** A step with one task. Without `dependsOn` it is a root and gets the run input. */
  step<const Slug extends string, Returned>(
    slug: Slug & Fresh<Steps, Slug>,
    handler: StepHandler<Input, Input, Returned>,
  ): Workflow<Input, With<Steps, Slug, AddedStep<Steps, never, 'fail', Returned>>, Inner>;
  step<
    const Slug extends string,
    Returned,
    const Dependencies extends readonly SlugOf<Steps>[] = readonly [],
    const When extends WhenExhausted = 'fail',
  >(
    slug: Slug & Fresh<Steps, Slug>,
    options: StepOptions<Dependencies, When>,
    handler: StepHandler<StepInput<Input, Steps, Dependencies[number]>, Input, Returned>,
  ): Workflow<Input, With<Steps, Slug, AddedStep<Steps, Dependencies[number], When, Returned>>, Inner | Dependencies[number]>;
  step(slug: string, ...rest: readonly unknown[]): unknown {
    const [options, handler] = optionsAndHandler(rest);
    return this.with(stepOf(this.definition.steps, slug, options), handler);
  }

  /** A step with one task per element of an array: of the run input, or with `over` of an earlier step's output. Its output is the array of theirs. */
  map<const Slug extends string, Returned>(
    slug: Slug & Fresh<Steps, Slug> & NeedsArrayInput<Input>,
    handler: StepHandler<ElementOf<Input>, Input, Returned>,
  ): Workflow<Input, With<Steps, Slug, AddedMap<Steps, never, 'fail', Returned>>, Inner>;
  map<const Slug extends string, const Source extends string, Returned, const When extends WhenExhausted = 'fail'>(
    slug: Slug & Fresh<Steps, Slug>,
    options: MapOptions<Source & IsSource<Steps, Source>, When>,
    handler: StepHandler<SourceElement<Steps, Source>, Input, Returned>,
  ): Workflow<
    Input,
    With<Steps, Slug, AddedMap<Steps, Known<Steps, SourceStep<Source>>, When, Returned>>,
    Inner | Known<Steps, SourceStep<Source>>
  >;
  map<const Slug extends string, Returned, const When extends WhenExhausted = 'fail'>(
    slug: Slug & Fresh<Steps, Slug> & NeedsArrayInput<Input>,
    options: RootMapOptions<When>,
    handler: StepHandler<ElementOf<Input>, Input, Returned>,
  ): Workflow<Input, With<Steps, Slug, AddedMap<Steps, never, When, Returned>>, Inner>;
  map(slug: string, ...rest: readonly unknown[]): unknown {
    const [options, handler] = optionsAndHandler(rest);
    return this.with(mapOf(this.definition.steps, slug, options), handler);
  }

  private with(step: StepDefinition, handler: AnyHandler): Workflow<Input, never, never> {
    const definition = frozen({ ...this.definition, steps: [...this.definition.steps, Object.freeze(step)] });
    return new Workflow(definition, new Map(this.handlers).set(step.slug, handler));
  }
}

/** Begins a workflow whose runs have this input. Slug: `^[a-z][a-z0-9_-]{0,46}$`. */
export function workflow<Input = unknown>(slug: string, options: WorkflowOptions = {}): Workflow<Input> {
  return Workflow.create<Input>(slug, options);
}

/** The input that a run of this workflow takes. */
export type InputOf<W> = W extends { readonly types: { readonly input: infer Input } } ? Input : unknown;

/** The output of a completed run: `{ leaf: output }`. */
export type OutputOf<W> = W extends { readonly types: { readonly output: infer Output } } ? Output : unknown;

function optionsAndHandler(rest: readonly unknown[]): [AnyStepOptions, AnyHandler] {
  const [options, handler] = rest.length > 1 ? rest : [{}, rest[0]];
  if (typeof handler !== 'function') throw new TypeError('the last argument is the handler: a function');
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  return [options, handler as AnyHandler];
}

function frozen(definition: WorkflowDefinition): WorkflowDefinition {
  return Object.freeze({ ...definition, steps: Object.freeze(definition.steps) as StepDefinition[] });
}
