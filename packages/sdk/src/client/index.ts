// The typed REST client. Knows HTTP only: nothing here imports the core or a database driver.
import { Client, type ClientOptions } from './client.js';

export {
  Client,
  DefinitionCalls,
  WorkerCalls,
  type CallOptions,
  type ClientOptions,
  type ReadOptions,
  type WaitOptions,
} from './client.js';
export { WorkflowApiError, type LocalApiErrorCode, type Problem } from './errors.js';
export { KeyCalls } from './key-calls.js';
export { OrchestratorCalls } from './orchestrator-calls.js';
export { RegionCalls, TenantCalls } from './region-calls.js';
export { ScheduleCalls } from './schedule-calls.js';
export type { EventsOptions } from './run-events.js';
export type * from './types.js';

/** A client of one or several routers. Connects when it is first used. */
export function createClient(options: ClientOptions): Client {
  return new Client(options);
}
