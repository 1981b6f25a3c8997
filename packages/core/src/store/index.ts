export { Database, type DatabaseOptions } from './database.js';
export { DefinitionStore, type RegisteredDefinition } from './definition.store.js';
export { EventStore, type FailoverEventEntry } from './event.store.js';
export { type LeaseAnswer, type LeaseHold, LeaseStore } from './lease.store.js';
export { QueueStore, type RebuildAnswer } from './queue.store.js';
export { type LeaderBatch, type RetryFrom, type RunMove, RunStore, type StartRunRequest, type StartRunRow } from './run.store.js';
export {
  type ClaimedTask,
  type ClaimRequest,
  type LostTask,
  type ReportRow,
  type TaskCompletion,
  type TaskFailure,
  type TaskRef,
  type TaskRelease,
  TaskStore,
} from './task.store.js';
export { Wakeups, type WakeupsOptions } from './wakeups.js';
export { type Batch, jsonb } from './wire.js';
export {
  type AbortOrder,
  type ExpiredWorker,
  type HeartbeatAnswer,
  type HeartbeatRequest,
  type WorkerRegistration,
  WorkerStore,
} from './worker.store.js';
