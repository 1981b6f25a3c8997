export { idOfApiKey, makeApiKey, type MadeApiKey, sha256OfApiKey } from './api-key.js';
export { Database, type DatabaseOptions } from './database.js';
export {
  type AcceptAnswer,
  type BarrierAnswer,
  DecisionStore,
  type EpochAnswer,
  type GrantAnswer,
  type LearnAnswer,
  type LeaseReport,
  type LogAnswer,
  type MeshCall,
  type PrepareAnswer,
  type SuspicionAnswer,
} from './decision.store.js';
export { DefinitionStore, type RegisteredDefinition } from './definition.store.js';
export { EventStore, type FailoverEventEntry } from './event.store.js';
export { type AdoptedChunk, HomeStore, type MoveRequest, type MoveSeen, type NotHome } from './home.store.js';
export { type KeyRow, KeyStore, type NewKey } from './key.store.js';
export { type LeaseAnswer, type LeaseHold, LeaseStore } from './lease.store.js';
export {
  type CommandKind,
  type CommandRequest,
  type CommandRow,
  type CommandState,
  type LeadAnswer,
  OrchestratorStore,
} from './orchestrator.store.js';
export {
  type QuorumSeen, QuorumStore, type UnconfirmedAnswer, unconfirmedOf, type UnconfirmedRun, type UnconfirmedRuns, type WrittenTenure, type ZoneQuorum,
} from './quorum.store.js'; // prettier-ignore
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
export { type SubmissionParts, submitRuns } from './submission.js';
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
export { Readers, type ReadSources } from './readers.js';
export { ReplicaDatabase } from './replica-database.js';
export { ReplicationStore, type RunDigest, type RunRange, type TableDigest } from './replication.store.js';
export { type RequestedRow, RequestStore, type RequestState, type StartedRequest } from './request.store.js';
export { type ReplicaKind, ReplicaReader, type ReplicaSeen } from './replica.reader.js';
export { type CopyingPeer, ReplicationReader } from './replication.reader.js';
export {
  type GrantRows,
  type HomeRow,
  type MeshMember,
  type MeshRow,
  type RegionCommandRow,
  RegionReader,
  type SealRow,
} from './region.reader.js';
export { type Standing, StandingReader } from './standing.reader.js';
export {
  type BegunRound,
  type FoundingMember,
  type NotedSuspicion,
  type ObservedWish,
  RegionStore,
  type RoundAnswer,
  type SettledLease,
} from './region.store.js';
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
export { type LinkStats, MeshReader, type MeshSide, type PeerSlotRow } from './mesh.reader.js';
export { type LinkSettings, MeshStore } from './mesh.store.js';
export { linkAddress, LinkPeer, type PeerOffer, sha256OfAddress } from './link.peer.js';
export { neededSchemaVersion, type SchemaState, schemaState, type SchemaVersions, schemaVersions, SQL_FOLDER } from './schema.reader.js';
export {
  type CommandOfRegions,
  type ConflictPage,
  type ConflictRow,
  type ConflictSummary,
  type LogRow,
  type MemberRow,
  type MeshState,
  type MovingGroup,
  type TenantHome,
  type TenantRow,
  TopologyReader,
} from './topology.reader.js';
export { WorkerReader, type WorkerRow, type WorkerState } from './worker.reader.js';
