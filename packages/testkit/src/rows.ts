// What the SQL functions take and answer, as a test sees it.

export interface Definition {
  slug: string;
  max_attempts?: number;
  base_delay_ms?: number;
  max_delay_ms?: number;
  timeout_ms?: number;
  queue?: string;
  steps: StepDefinition[];
}

export interface StepDefinition {
  slug: string;
  kind?: 'single' | 'map';
  depends_on?: string[];
  over?: string;
  max_attempts?: number;
  base_delay_ms?: number;
  max_delay_ms?: number;
  start_delay_ms?: number;
  timeout_ms?: number;
  queue?: string;
  when_exhausted?: 'fail' | 'skip' | 'skip-cascade';
}

export interface StartRequest {
  run_id?: string;
  tenant_id: string;
  workflow: string;
  version?: number;
  input?: unknown;
  idempotency_key?: string;
  run_at?: string;
  deadline?: string;
  priority?: 'low' | 'normal' | 'high';
  labels?: Record<string, string>;
  durability?: 'local' | 'quorum';
  parent_run_id?: string;
}

export interface Started {
  ordinal: number;
  outcome: 'created' | 'existing' | 'conflict' | 'refused' | 'not_home';
  run_id: string;
  status: string;
  code: string | null;
  message: string | null;
  field: string | null;
  queues: string[];
  durability: string | null;
}

export interface Claimed {
  /** The same for all tasks of a call. */
  claim_id: number;
  run_id: string;
  step_slug: string;
  task_index: number;
  attempt: number;
  workflow: string;
  definition_id: string;
  tenant_id: string;
  kind: 'root' | 'step' | 'map';
  input: unknown;
  run_input: unknown;
  timeout_ms: number;
  deadline: Date | null;
  wait_ms: number;
}

export type TaskRef = Pick<Claimed, 'run_id' | 'step_slug' | 'task_index' | 'attempt'>;
export type Verdict = 'already' | 'closed' | 'lost' | 'not_home' | 'accepted';

export interface Answer {
  ordinal: number;
  verdict: Verdict;
  queues: string[];
  retry_at?: Date | null;
}

/** What complete_tasks answers: a verdict for each result, and what became ready and is this worker's now. */
export interface HandOver {
  answers: Answer[];
  handed: Claimed[];
}

export interface Failure {
  code?: string;
  message?: string;
  retryable?: boolean;
  retry_after_ms?: number;
}

export interface Abort {
  run_id: string;
  step_slug: string;
  task_index: number;
  attempt: number;
  reason: 'run_cancelled' | 'run_failed' | 'run_closed' | 'lost';
}

export interface RunRow {
  run_id: string;
  status: string;
  remaining_leaves: number;
  total_steps: number;
  output: unknown;
  error: { code: string; message: string } | null;
  definition_id: string;
  [column: string]: unknown;
}

export interface StepRow {
  run_id: string;
  step_slug: string;
  status: string;
  remaining_deps: number;
  initial_tasks: number | null;
  remaining_tasks: number | null;
  skip_reason: string | null;
  error: { code: string; message: string } | null;
  [column: string]: unknown;
}

export interface TaskRow {
  run_id: string;
  step_slug: string;
  task_index: number;
  status: string;
  attempt: number;
  failures: number;
  worker_id: string | null;
  output: unknown;
  error: { code: string; message: string } | null;
  available_at: Date;
  [column: string]: unknown;
}

export interface MessageRow {
  queue: string;
  msg_id: number;
  vt: Date;
  message: Record<string, unknown>;
}

/** What a worker was given in one call. */
export interface ClaimRow {
  claim_id: number;
  worker_id: string;
  claimed_at: Date;
  overdue_at: Date;
  lost: boolean;
  tasks: TaskRef[];
}
