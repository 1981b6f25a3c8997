// Write workflows, run them, start them.
export * from './client/index.js';
export { AttemptAborted, NonRetryableError, RetryAfterError, type AbortCause } from './errors.js';
export { createExecutor } from './executor/create-executor.js';
export type { ExecutorEvent, ExecutorListener } from './executor/events.js';
export type { Executor } from './executor/executor.js';
export type { ExecutorMetrics, TaskOutcome } from './executor/metrics.js';
export type { ExecutorOptions } from './executor/settings.js';
export type { ExecutorState, ExecutorStats } from './executor/stats.js';
export type { StepContext } from './workflow/context.js';
// All types that the inferred type of a workflow may mention: an exported workflow must be nameable in other packages.
export type * from './workflow/serialized.js';
export type * from './workflow/types.js';
export { Workflow, workflow, type AnyWorkflow, type InputOf, type Known, type OutputOf, type With } from './workflow/workflow.js';
