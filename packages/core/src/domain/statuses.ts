// Statuses of runs, steps and tasks, and which may follow which. SQL enforces the same (its functions and CHECK constraints); these tables are
// for reading code: a missing cell does not compile.

export const RUN_STATUSES = ['scheduled', 'started', 'paused', 'completed', 'failed', 'cancelled'] as const;
export const STEP_STATUSES = ['created', 'started', 'completed', 'failed', 'skipped', 'cancelled'] as const;
export const TASK_STATUSES = ['queued', 'started', 'completed', 'failed', 'cancelled'] as const;

export type RunStatus = (typeof RUN_STATUSES)[number];
export type StepStatus = (typeof STEP_STATUSES)[number];
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** `start`: its time came. `retry` reopens a run that failed or was cancelled; what completed keeps its output unless the retry is from there. */
export type RunEvent = 'start' | 'pause' | 'resume' | 'complete' | 'fail' | 'cancel' | 'retry';
export type StepEvent = 'start' | 'complete' | 'fail' | 'skip' | 'cancel' | 'retry';
/** `requeue`: a failure with attempts left, a release, or a worker that is gone. */
export type TaskEvent = 'claim' | 'complete' | 'fail' | 'requeue' | 'cancel' | 'retry';

type Transitions<Status extends string, Event extends string> = Readonly<Record<Status, Readonly<Record<Event, Status | null>>>>;

// prettier-ignore
export const RUN_TRANSITIONS: Transitions<RunStatus, RunEvent> = {
  scheduled: { start: 'started', pause: null,     resume: null,      complete: null,        fail: 'failed', cancel: 'cancelled', retry: null },
  started:   { start: null,      pause: 'paused', resume: null,      complete: 'completed', fail: 'failed', cancel: 'cancelled', retry: null },
  paused:    { start: null,      pause: null,     resume: 'started', complete: 'completed', fail: 'failed', cancel: 'cancelled', retry: null },
  completed: { start: null,      pause: null,     resume: null,      complete: null,        fail: null,     cancel: null,        retry: null },
  failed:    { start: null,      pause: null,     resume: null,      complete: null,        fail: null,     cancel: null,        retry: 'started' },
  cancelled: { start: null,      pause: null,     resume: null,      complete: null,        fail: null,     cancel: null,        retry: 'started' },
};

// A created step may fail (the source of its map is not an array) or complete (an empty array) without a task of its own.
// prettier-ignore
export const STEP_TRANSITIONS: Transitions<StepStatus, StepEvent> = {
  created:   { start: 'started', complete: 'completed', fail: 'failed', skip: 'skipped', cancel: 'cancelled', retry: null },
  started:   { start: null,      complete: 'completed', fail: 'failed', skip: 'skipped', cancel: 'cancelled', retry: null },
  completed: { start: null,      complete: null,        fail: null,     skip: null,      cancel: null,        retry: 'created' },
  failed:    { start: null,      complete: null,        fail: null,     skip: null,      cancel: null,        retry: 'created' },
  skipped:   { start: null,      complete: null,        fail: null,     skip: null,      cancel: null,        retry: 'created' },
  cancelled: { start: null,      complete: null,        fail: null,     skip: null,      cancel: null,        retry: 'created' },
};

// prettier-ignore
export const TASK_TRANSITIONS: Transitions<TaskStatus, TaskEvent> = {
  queued:    { claim: 'started', complete: null,        fail: null,     requeue: null,     cancel: 'cancelled', retry: null },
  started:   { claim: null,      complete: 'completed', fail: 'failed', requeue: 'queued', cancel: 'cancelled', retry: null },
  completed: { claim: null,      complete: null,        fail: null,     requeue: null,     cancel: null,        retry: 'queued' },
  failed:    { claim: null,      complete: null,        fail: null,     requeue: null,     cancel: null,        retry: 'queued' },
  cancelled: { claim: null,      complete: null,        fail: null,     requeue: null,     cancel: null,        retry: 'queued' },
};

/** The statuses from which nothing but a retry leads. */
export const FINAL_RUN_STATUSES = ['completed', 'failed', 'cancelled'] as const satisfies readonly RunStatus[];

export function isFinalRunStatus(status: RunStatus): status is (typeof FINAL_RUN_STATUSES)[number] {
  return (FINAL_RUN_STATUSES as readonly RunStatus[]).includes(status);
}

export const PRIORITIES = ['low', 'normal', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];
export const DURABILITIES = ['local', 'quorum'] as const;
export type Durability = (typeof DURABILITIES)[number];

/** Rows keep a priority as its index: 0 low, 1 normal, 2 high. Throws a RangeError for any other number. */
export function priorityOfIndex(index: number): Priority {
  const priority = PRIORITIES[index];
  if (priority === undefined) throw new RangeError(`priority ${index} is not 0, 1 or 2`);
  return priority;
}
