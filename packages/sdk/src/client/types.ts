// What goes over the wire, by the names that the OpenAPI document gives it: field names as in JSON, times as RFC 3339 text. By hand is only what
// the document cannot say: types of a workflow's input and output, query parameters as values, events.
import type { InputOf, OutputOf } from '../workflow/workflow.js';
import type { components } from './openapi.generated.js';

type Schemas = components['schemas'];
/** A field that is undefined is one that is left out. */
type Optional<T> = { [Name in keyof T]?: T[Name] | undefined };

export type RunStatus = Schemas['Run']['status'];
export type StepStatus = Step['status'];
export type TaskStatus = Task['status'];
export type Priority = Schemas['Run']['priority'];
export type Durability = Schemas['Run']['durability'];
export type WorkerState = Schemas['Worker']['state'];
export type WorkerApp = 'router' | 'scheduler' | 'executor' | 'failover-monitor';

/** Without an `idempotency_key` the client makes one, so that a repeated request is one run. */
export type StartRequest = Schemas['StartWorkflow'];
export type Started = Schemas['Started'];
export type StartedResult = Schemas['StartedBatch']['results'][number];
export type RunError = NonNullable<Schemas['Run']['error']>;
export type RunSummary = Schemas['RunSummary'];
export type RunPage = Schemas['RunPage'];
export type Steps = Schemas['Steps'];
export type Step = Steps['steps'][number];
export type Task = Step['tasks'][number];
export type Attempt = Task['attempts'][number];
export type Moved = Schemas['Moved'];
export type RunFilter = Schemas['RunFilter'];
export type CancelRuns = Schemas['CancelRuns'];
export type RetryRuns = Schemas['RetryRuns'];
export type BulkAnswer = Schemas['BulkAnswer'];
export type DefinitionDocument = Schemas['WorkflowDefinition'];
export type RegisteredDefinition = Schemas['RegisteredDefinition'];
export type ActivatedDefinition = Schemas['ActivatedDefinition'];
export type Definition = Schemas['Definition'];
export type NewApiKey = Optional<Pick<Schemas['NewApiKey'], 'tenants' | 'expires_at'>> &
  Omit<Schemas['NewApiKey'], 'tenants' | 'expires_at'>;
export type MadeApiKey = Schemas['MadeApiKey'];
export type RevokedApiKey = Schemas['RevokedApiKey'];
export type ApiKey = Schemas['ApiKey'];
export type ApiKeyPage = Schemas['ApiKeyPage'];
export type DefinitionPage = Schemas['DefinitionPage'];
export type VersionPage = Schemas['VersionPage'];
export type CreateSchedule = Schemas['CreateSchedule'];
export type ChangeSchedule = Schemas['ChangeSchedule'];
export type Schedule = Schemas['Schedule'];
export type ScheduleSummary = Schemas['ScheduleSummary'];
export type SchedulePage = Schemas['SchedulePage'];
export type ScheduleRun = Schemas['ScheduleRun'];
export type StopOrchestrator = Optional<Schemas['StopOrchestrator']>;
export type PromoteOrchestrator = Optional<Schemas['PromoteOrchestrator']>;
export type FenceOrchestrator = Optional<Schemas['FenceOrchestrator']>;
export type OrchestratorCommand = Schemas['OrchestratorCommand'];
export type OrchestratorCommandPage = Schemas['OrchestratorCommandPage'];
export type Leaders = Schemas['Leaders'];
export type FailoverEventPage = Schemas['FailoverEventPage'];
export type Regions = Schemas['Regions'];
export type AddRegion = Optional<Schemas['AddRegion']> & Pick<Schemas['AddRegion'], 'id'>;
export type FailOverRegion = Optional<Schemas['FailOverRegion']>;
export type DrainRegion = Optional<Schemas['DrainRegion']>;
export type RegionCommand = Schemas['RegionCommand'];
export type Tenant = Schemas['Tenant'];
export type ChangeTenant = Optional<Schemas['ChangeTenant']>;
export type MoveTenant = Schemas['MoveTenant'];
export type Topology = Schemas['Topology'];
export type ConflictPage = Schemas['ConflictPage'];
export type Conflict = Schemas['Conflict'];
export type ConflictKind = Conflict['kind'];
export type Queues = Schemas['Queues'];
export type Worker = Schemas['Worker'];
export type WorkerPage = Schemas['WorkerPage'];
export type Drained = Schemas['Drained'];

/** A start by the workflow itself: its input is checked by the compiler. */
export type TypedStartRequest<W> = Omit<StartRequest, 'workflow' | 'input'> & { workflow: W } & (undefined extends InputOf<W>
    ? { input?: InputOf<W> }
    : { input: InputOf<W> });

/** `W`: the workflow's type, where it is known. */
export type Run<W = unknown> = Omit<Schemas['Run'], 'input' | 'output'> & {
  input: InputOf<W>;
  /** `{ leaf: output }` of a completed run, else null. */
  output: OutputOf<W> | null;
};

export interface RunEvent {
  event_id: string;
  run_id: string;
  /** RFC 3339, UTC, with microseconds. */
  at: string;
  /** `run_created`, `step_started`, `task_completed`, `attempt_failed`, `run_completed`, ... */
  type: string;
  step: string | null;
  task_index: number | null;
  attempt: number | null;
  detail: Record<string, unknown>;
}

export interface PageQuery {
  /** At most 200. */
  limit?: number;
  /** `next_cursor` of the page before. */
  cursor?: string;
}

export interface ListRuns extends PageQuery, Omit<RunFilter, 'status'> {
  status?: RunStatus | readonly RunStatus[];
  /** The home of the runs. */
  region?: string;
}

export interface ListSchedules extends PageQuery {
  tenant_id?: string;
  workflow?: string;
  paused?: boolean;
}
