// What goes over the wire, by the names that the OpenAPI document gives it: field names as in JSON, times as RFC 3339 text.
import type { InputOf, OutputOf } from '../workflow/workflow.js';

export type RunStatus = 'scheduled' | 'started' | 'paused' | 'completed' | 'failed' | 'cancelled';
export type StepStatus = 'created' | 'started' | 'completed' | 'failed' | 'skipped' | 'cancelled';
export type TaskStatus = 'queued' | 'started' | 'completed' | 'failed' | 'cancelled';
export type Priority = 'low' | 'normal' | 'high';
export type Durability = 'local' | 'quorum';
export type WorkerApp = 'router' | 'scheduler' | 'executor' | 'failover-monitor';
export type WorkerState = 'active' | 'deprecated' | 'silent' | 'stopped';

export interface StartRequest {
  readonly tenant_id: string;
  /** The slug. */
  readonly workflow: string;
  /** Default: the version activated last. */
  readonly version?: number;
  readonly input?: unknown;
  /** Default: a new uuid, so that a repeated request is one run. */
  readonly idempotency_key?: string;
  readonly run_at?: string;
  readonly deadline?: string;
  readonly priority?: Priority;
  readonly labels?: Readonly<Record<string, string>>;
  readonly durability?: Durability;
}

/** A start by the workflow itself: its input is checked by the compiler. */
export type TypedStartRequest<W> = Omit<StartRequest, 'workflow' | 'input'> & { readonly workflow: W } & (undefined extends InputOf<W>
    ? { readonly input?: InputOf<W> }
    : { readonly input: InputOf<W> });

export interface Started {
  run_id: string;
  status: RunStatus;
  /** The region that executes the run. */
  executed_on: string;
  durability: Durability;
  /** True: this request had been stored before. */
  existing: boolean;
}

export interface StartedResult {
  outcome: 'created' | 'existing' | 'conflict' | 'refused' | 'not_home';
  run_id: string | null;
  status: RunStatus | null;
  error: { code: string; detail: string; field?: string } | null;
}

export interface RunError {
  code?: string;
  message?: string;
  [fact: string]: unknown;
}

export interface RunSummary {
  run_id: string;
  tenant_id: string;
  workflow: string;
  version: number | null;
  definition_id: string;
  status: RunStatus;
  priority: Priority;
  durability: Durability;
  labels: Record<string, string>;
  idempotency_key: string | null;
  parent_run_id: string | null;
  progress: { steps_done: number; steps_total: number };
  error: RunError | null;
  /** The home of the run. */
  region: string;
  epoch: number;
  run_at: string | null;
  deadline: string | null;
  created_at: string;
  started_at: string | null;
  paused_at: string | null;
  finished_at: string | null;
}

/** `W`: the workflow's type, where it is known. */
export interface Run<W = unknown> extends RunSummary {
  input: InputOf<W>;
  /** `{ leaf: output }` of a completed run, else null. */
  output: OutputOf<W> | null;
  /** How old this answer is. */
  as_of: string;
}

export interface RunPage {
  runs: RunSummary[];
  next_cursor: string | null;
}

export interface Attempt {
  attempt: number;
  worker_id: string | null;
  /** False: the task was taken from its worker. */
  reported: boolean;
  error: RunError | null;
  started_at: string | null;
  failed_at: string;
}

export interface Task {
  task_index: number;
  status: TaskStatus;
  attempt: number;
  failures: number;
  worker_id: string | null;
  error: RunError | null;
  available_at: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** The attempts that failed. */
  attempts: Attempt[];
}

export interface Step {
  step: string;
  kind: 'single' | 'map';
  depends_on: string[];
  queue: string;
  status: StepStatus;
  /** Null until it is known. */
  tasks_total: number | null;
  tasks_left: number | null;
  skip_reason: string | null;
  error: RunError | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** Those of this page. */
  tasks: Task[];
}

export interface Steps {
  run_id: string;
  steps: Step[];
  next_cursor: string | null;
}

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

export interface Moved {
  run_id: string;
  status: RunStatus;
  /** False: it was so already. */
  changed: boolean;
}

export interface PageQuery {
  /** At most 200. */
  readonly limit?: number;
  /** `next_cursor` of the page before. */
  readonly cursor?: string;
}

export interface ListRuns extends PageQuery {
  readonly tenant_id?: string;
  readonly workflow?: string;
  readonly status?: RunStatus | readonly RunStatus[];
  /** All of them. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly created_from?: string;
  readonly created_to?: string;
  readonly region?: string;
}

/** At least one condition. */
export interface RunFilter {
  readonly tenant_id?: string;
  readonly workflow?: string;
  readonly status?: readonly RunStatus[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly created_from?: string;
  readonly created_to?: string;
}

export interface BulkRequest {
  readonly filter: RunFilter;
  /** True: counts only. */
  readonly dry_run?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface BulkAnswer {
  dry_run: boolean;
  matched: number;
  /** False: there are more than were looked at. */
  complete: boolean;
  changed: number;
  unchanged: number;
  next_cursor: string | null;
}

export interface StepDocument {
  slug: string;
  kind?: string;
  depends_on?: string[];
  over?: string;
  max_attempts?: number;
  base_delay_ms?: number;
  max_delay_ms?: number;
  start_delay_ms?: number;
  timeout_ms?: number;
  queue?: string;
  when_exhausted?: string;
}

export interface DefinitionDocument {
  slug: string;
  steps: StepDocument[];
  max_attempts?: number;
  base_delay_ms?: number;
  max_delay_ms?: number;
  timeout_ms?: number;
  queue?: string;
}

export interface RegisteredDefinition {
  slug: string;
  version: number;
  definition_id: string;
  /** False: it was registered before. */
  created: boolean;
  /** True: a start by slug takes it from now on. */
  activated: boolean;
}

export interface DefinitionVersion {
  slug: string;
  version: number;
  definition_id: string;
  active: boolean;
  registered_at: string;
  activated_at: string | null;
}

export interface Definition extends DefinitionVersion {
  definition: DefinitionDocument;
  /** The DAG as Mermaid text. */
  mermaid: string;
}

export interface DefinitionPage {
  definitions: { slug: string; active_version: number | null; latest_version: number; registered_at: string }[];
  next_cursor: string | null;
}

export interface VersionPage {
  versions: DefinitionVersion[];
  next_cursor: string | null;
}

export interface Queues {
  queues: { queue: string; priority: Priority; depth: number; visible: number; in_flight: number; oldest_seconds: number }[];
  /** Waiting work that no live worker can run. */
  stuck: { workflow: string; step: string; queue: string; tasks: number }[];
}

export interface Worker {
  worker_id: string;
  app: string;
  state: WorkerState;
  region: string;
  role: string | null;
  group: string | null;
  host: string;
  pid: number;
  version: string;
  address: string | null;
  queues: string[];
  /** Pairs of workflow and step. */
  runnable_steps: string[][];
  capacity: number;
  running: number;
  started_at: string;
  last_heartbeat_at: string;
  deprecated_at: string | null;
  stopped_at: string | null;
}

export interface WorkerPage {
  workers: Worker[];
  next_cursor: string | null;
}
