import type { IsAny, Serialized, Simplify } from './serialized.js';
import type { StepContext } from './context.js';

/** What happens to the run when a task of the step has used up its attempts. */
export type WhenExhausted = 'fail' | 'skip' | 'skip-cascade';

/** Options of a workflow: the defaults of its steps. */
export interface WorkflowOptions {
  /** Failures that a task may have before its step is exhausted. Default 3. */
  readonly maxAttempts?: number;
  /** Wait after the first failure; doubles with each further one. Default 1000 ms. */
  readonly baseDelayMs?: number;
  /** The longest wait between two attempts. Default 60000 ms. */
  readonly maxDelayMs?: number;
  /** How long one attempt may take. Default 60000 ms. */
  readonly timeoutMs?: number;
  /** Queue that carries the tasks. Default `default`. */
  readonly queue?: string;
}

interface CommonStepOptions<When extends WhenExhausted> extends WorkflowOptions {
  /** How long the step waits once it could start. Default 0 ms. */
  readonly startDelayMs?: number;
  /** Default `fail`. */
  readonly whenExhausted?: When;
}

export interface StepOptions<Dependencies extends readonly string[], When extends WhenExhausted> extends CommonStepOptions<When> {
  /** Steps whose outputs are this step's input, as `{ step: output }`. Without any, the input is the run's. */
  readonly dependsOn?: Dependencies;
}

export interface RootMapOptions<When extends WhenExhausted> extends CommonStepOptions<When> {
  readonly over?: never;
}

export interface MapOptions<Source extends string, When extends WhenExhausted> extends CommonStepOptions<When> {
  /** The array: a step, or a step and a path of keys in its output (`reserve.parcels`). */
  readonly over: Source;
}

/**
 * What the types know of a step. `absent`: a dependent may run without its output. `skippable`: it may end as skipped, so
 * that its output may miss from the run's. They differ for `skip-cascade`: no dependent runs after it.
 */
export interface StepShape {
  readonly output: unknown;
  readonly absent: boolean;
  readonly skippable: boolean;
}

export type StepShapes = Record<string, StepShape>;

/** A sentence for the reader of a compiler message: no value has this type. */
export interface CompileError<Message extends string> {
  readonly __compileError: Message;
}

export type SlugOf<Steps> = keyof Steps & string;

/** Intersected with a slug: refuses one that is taken. */
export type Fresh<Steps, Slug extends string> = Slug extends keyof Steps ? CompileError<`the step "${Slug}" exists already`> : unknown;

/** Intersected with the slug of a map without a source. */
export type NeedsArrayInput<Input> = [Input] extends [readonly unknown[]]
  ? unknown
  : CompileError<'a map without "over" runs over the run input, which must be an array'>;

export type ElementOf<T> = IsAny<T> extends true ? T : [T] extends [readonly (infer Element)[]] ? Element : never;

/** The input of a step with these dependencies. */
export type StepInput<Input, Steps, Dependency extends keyof Steps> = [Dependency] extends [never]
  ? Input
  : Simplify<
      { [Key in Dependency as MayBeAbsent<Steps[Key]> extends true ? never : Key]: OutputOf<Steps[Key]> } & {
        [Key in Dependency as MayBeAbsent<Steps[Key]> extends true ? Key : never]?: OutputOf<Steps[Key]>;
      }
    >;

/** The output of a run: `{ leaf: output }`. */
export type RunOutput<Steps, Inner> = Simplify<
  { [Key in Exclude<keyof Steps, Inner> as MayBeSkipped<Steps[Key]> extends true ? never : Key]: OutputOf<Steps[Key]> } & {
    [Key in Exclude<keyof Steps, Inner> as MayBeSkipped<Steps[Key]> extends true ? Key : never]?: OutputOf<Steps[Key]>;
  }
>;

/** The step that an `over` names. */
export type SourceStep<Source extends string> = Source extends `${infer Step}.${string}` ? Step : Source;

/** Intersected with an `over`: refuses one that is no array in an earlier step's output. */
export type IsSource<Steps, Source extends string> =
  SourceStep<Source> extends keyof Steps
    ? IsAny<SourceValue<Steps, Source>> extends true
      ? unknown
      : [SourceValue<Steps, Source>] extends [never]
        ? CompileError<`nothing is at "${Source}"`>
        : [SourceValue<Steps, Source>] extends [readonly unknown[]]
          ? unknown
          : CompileError<`"${Source}" is not an array`>
    : CompileError<`there is no step "${SourceStep<Source>}" before this one`>;

export type SourceElement<Steps, Source extends string> = ElementOf<SourceValue<Steps, Source>>;

type SourceValue<Steps, Source extends string> = Source extends `${infer Step}.${infer Path}`
  ? Step extends keyof Steps
    ? ValueAt<OutputOf<Steps[Step]>, Path>
    : never
  : Source extends keyof Steps
    ? OutputOf<Steps[Source]>
    : never;

type ValueAt<T, Path extends string> =
  IsAny<T> extends true
    ? T
    : Path extends `${infer Key}.${infer Rest}`
      ? Key extends keyof T
        ? ValueAt<T[Key], Rest>
        : never
      : Path extends keyof T
        ? T[Path]
        : never;

type OutputOf<Step> = Step extends StepShape ? Step['output'] : never;
type MayBeAbsent<Step> = Step extends { absent: false } ? false : true;
type MayBeSkipped<Step> = Step extends { skippable: false } ? false : true;

/** True when one of these steps may be skipped together with everything that depends on it. */
type AnyCascades<Steps, Dependency extends keyof Steps> = true extends {
  [Key in Dependency]: MayBeSkipped<Steps[Key]> extends true ? (MayBeAbsent<Steps[Key]> extends true ? false : true) : false;
}[Dependency]
  ? true
  : false;

/** What a new single step adds. */
export interface AddedStep<Steps, Dependency extends keyof Steps, When extends WhenExhausted, Returned> extends StepShape {
  readonly output: Serialized<Awaited<Returned>>;
  readonly absent: When extends 'skip' ? true : false;
  readonly skippable: When extends 'fail' ? AnyCascades<Steps, Dependency> : true;
}

/** What a new map step adds; over a skipped source it is skipped itself. */
export interface AddedMap<Steps, Source extends keyof Steps, When extends WhenExhausted, Returned> extends StepShape {
  readonly output: Serialized<Awaited<Returned>>[];
  readonly absent: When extends 'skip' ? true : [Source] extends [never] ? false : MayBeAbsent<Steps[Source]>;
  readonly skippable: When extends 'fail' ? ([Source] extends [never] ? false : MayBeSkipped<Steps[Source]>) : true;
}

export type StepHandler<StepInputType, RunInput, Returned> = (input: StepInputType, ctx: StepContext<RunInput>) => Returned;

/** A handler as the executor calls it: what it gets is what the database says. */
export type AnyHandler = (input: unknown, ctx: StepContext<unknown>) => unknown;
