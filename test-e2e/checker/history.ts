// What a scenario leaves behind for the checker: what clients were told, what handlers did, what the database went through, how it ended.
import type { AttemptNote } from '../harness/attempts.js';

/** A start that the API answered with `created` or `existing`. */
export interface Acknowledged {
  readonly key: string;
  readonly runId: string;
  readonly workflow: string;
  readonly input: unknown;
}

/** A write to a run's, a step's or a task's row. `seq` orders what caused each other: the writers held the run's lock. */
export interface Change {
  readonly seq: number;
  readonly subject: 'run' | 'step' | 'task';
  readonly runId: string;
  readonly stepSlug: string | null;
  readonly taskIndex: number | null;
  readonly status: string;
  readonly attempt: number | null;
  readonly workerId: string | null;
  /** Of a completed task. */
  readonly output: unknown;
}

export interface RunRow {
  readonly runId: string;
  readonly workflow: string;
  readonly key: string | null;
  readonly status: string;
  readonly output: unknown;
}

/** A step's or a task's row at the end; `taskIndex` null for a step. */
export interface PartRow {
  readonly runId: string;
  readonly stepSlug: string;
  readonly taskIndex: number | null;
  readonly status: string;
}

export interface Dependency {
  readonly workflow: string;
  readonly stepSlug: string;
  readonly dependsOn: string;
}

/** From the moment before the database died to the one at which it was back (see moment.ts). */
export interface Crash {
  readonly from: number;
  readonly to: number;
}

export interface History {
  readonly acknowledged: readonly Acknowledged[];
  readonly attempts: readonly AttemptNote[];
  readonly changes: readonly Change[];
  readonly dependencies: readonly Dependency[];
  readonly runs: readonly RunRow[];
  readonly parts: readonly PartRow[];
  /** Messages that are still in queues. */
  readonly messages: number;
  readonly crashes: readonly Crash[];
}
