export { Database, type DatabaseOptions } from './database.js';
export { DefinitionStore, type RegisteredDefinition } from './definition.store.js';
export { EventStore, type FailoverEventEntry } from './event.store.js';
export { type LeaseAnswer, type LeaseHold, LeaseStore } from './lease.store.js';
export {
  type CommandKind,
  type CommandRequest,
  type CommandRow,
  type CommandState,
  type LeadAnswer,
  OrchestratorStore,
} from './orchestrator.store.js';
export { QueueStore, type RebuildAnswer } from './queue.store.js';
export { type LeaderBatch, type RetryFrom, type RunMove, RunStore, type StartRunRequest, type StartRunRow } from './run.store.js';
export {
  type ClaimedTask,
  type ClaimRequest,
  type CompletionRequest,
  type CompletionRow,
  type EndedRuns,
  type LostTask,
  type ReportRow,
  type SettledClaims,
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
export { workflowErrorOf } from './database-error.js';
export { DefinitionReader, type VersionRow, type WorkflowRow } from './definition.reader.js';
export { EntitySource } from './entity-source.js';
export { LeaseReader, type LeaseRow, type RecordedChange, type SplitBrainRow } from './lease.reader.js';
export { type LimitRow, LimitStore } from './limit.store.js';
export { type GroupRow, type OpenCommandRow, OrchestratorReader } from './orchestrator.reader.js';
export { type QueueDepth, QueueReader, type StuckStep } from './queue.reader.js';
export { RunReader } from './run.reader.js';
export type {
  AttemptView,
  EventPosition,
  RunEventRow,
  RunFilter,
  RunSummary,
  RunView,
  Scan,
  StepView,
  TaskPosition,
  TaskView,
} from './run.views.js';
export { type ScheduleFilter, type SchedulePage, ScheduleReader } from './schedule.reader.js';
export {
  type DueSchedule,
  type Firing,
  type FiringRow,
  type ScheduleFields,
  type ScheduleName,
  type ScheduleRow,
  ScheduleStore,
} from './schedule.store.js';
export { neededSchemaVersion, type SchemaState, schemaState, type SchemaVersions, schemaVersions, SQL_FOLDER } from './schema.reader.js';
export { WorkerReader, type WorkerRow, type WorkerState } from './worker.reader.js';
