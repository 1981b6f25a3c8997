// Write workflows, run them, start them.
export * from './client/index.js';
export { AttemptAborted, NonRetryableError, RetryAfterError, type AbortCause } from './errors.js';
export { createExecutor } from './executor/create-executor.js';
export type { ExecutorEvent, ExecutorListener } from './executor/events.js';
export type { Executor, ExecutorState, ExecutorStats } from './executor/executor.js';
export type { ExecutorMetrics, TaskOutcome } from './executor/metrics.js';
export type { ExecutorOptions } from './executor/settings.js';
export type { StepContext } from './workflow/context.js';
export type { Serialized } from './workflow/serialized.js';
export type { AnyHandler, MapOptions, RootMapOptions, StepHandler, StepOptions, WhenExhausted, WorkflowOptions } from './workflow/types.js';
export { Workflow, workflow, type AnyWorkflow, type InputOf, type OutputOf } from './workflow/workflow.js';
