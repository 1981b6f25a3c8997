// Write workflows, run them, start them.
export { NonRetryableError, RetryAfterError } from './errors.js';
export type { StepContext } from './workflow/context.js';
export type { Serialized } from './workflow/serialized.js';
export type { AnyHandler, MapOptions, RootMapOptions, StepHandler, StepOptions, WhenExhausted, WorkflowOptions } from './workflow/types.js';
export { Workflow, workflow, type AnyWorkflow, type InputOf, type OutputOf } from './workflow/workflow.js';
