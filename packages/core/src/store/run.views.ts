// The shapes that RunReader answers with, and asks by.
import type { Durability, Json, Priority, RunStatus, StepKind, StepStatus, TaskStatus } from '../domain/index.js';

export interface RunFilter {
  tenantId?: string | undefined;
  workflow?: string | undefined;
  statuses?: readonly RunStatus[] | undefined;
  /** All of them. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Created in [from, to). */
  createdFrom?: Date | undefined;
  createdTo?: Date | undefined;
}

export interface Scan {
  filter: RunFilter;
  /** A run id, exclusive: where the page before ended. */
  before?: string | undefined;
  limit: number;
  /** Most rows to look at; default 10,000. */
  scanMax?: number | undefined;
}

/** A run without its input and output. Times by the database's clock. */
export interface RunSummary {
  runId: string;
  tenantId: string;
  workflow: string;
  definitionId: string;
  /** Null only where the definition's version is not known here (yet). */
  version: number | null;
  status: RunStatus;
  priority: Priority;
  durability: Durability;
  stepsDone: number;
  stepsTotal: number;
  idempotencyKey: string | null;
  labels: Record<string, string>;
  parentRunId: string | null;
  error: Json;
  runAt: Date | null;
  deadline: Date | null;
  createdAt: Date;
  startedAt: Date | null;
  pausedAt: Date | null;
  finishedAt: Date | null;
  homeEpoch: number;
}

export interface RunView extends RunSummary {
  input: Json;
  output: Json;
  /** When this was read, by the database's clock. */
  asOf: Date;
}

export interface StepView {
  stepSlug: string;
  stepIndex: number;
  kind: StepKind;
  dependsOn: string[];
  queue: string;
  status: StepStatus;
  initialTasks: number | null;
  remainingTasks: number | null;
  skipReason: string | null;
  error: Json;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export interface AttemptView {
  attempt: number;
  workerId: string | null;
  /** False: the scheduler took the task away. */
  reported: boolean;
  error: Json;
  startedAt: Date | null;
  failedAt: Date;
}

export interface TaskView {
  stepSlug: string;
  taskIndex: number;
  status: TaskStatus;
  attempt: number;
  failures: number;
  availableAt: Date;
  workerId: string | null;
  error: Json;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** The failed ones, oldest first. */
  attempts: AttemptView[];
}

export interface TaskPosition {
  stepIndex: number;
  taskIndex: number;
}

/** A place in the events of a run; the next read begins after it. `at` is microseconds since 1970 as text: a Date would cut them off. */
export interface EventPosition {
  at: string;
  rank: number;
  eventId: string;
}

export interface RunEventRow extends EventPosition {
  runId: string;
  type: string;
  stepSlug: string | null;
  taskIndex: number | null;
  attempt: number | null;
  detail: Json;
}
