// A workflow definition: the JSON document that is stored, hashed, and sent to POST /api/definitions. Field names as on the wire.

export type StepKind = 'single' | 'map';
export type WhenExhausted = 'fail' | 'skip' | 'skip-cascade';

export interface StepDefinition {
  /** `^[a-z][a-z0-9_-]{0,46}$`, once per workflow. */
  slug: string;
  /** Default `single`. */
  kind?: StepKind;
  /** Slugs of steps of the same workflow. A map has at most one. */
  depends_on?: string[];
  /** Maps only: the step whose output is the array, or a step and a path of keys in its output (`reserve.parcels`). Without it: the run input. */
  over?: string;
  max_attempts?: number;
  base_delay_ms?: number;
  max_delay_ms?: number;
  start_delay_ms?: number;
  timeout_ms?: number;
  /** `^[a-z][a-z0-9_]{0,40}$` */
  queue?: string;
  when_exhausted?: WhenExhausted;
}

/** Options of the workflow are the defaults of its steps. */
export interface WorkflowDefinition {
  /** `^[a-z][a-z0-9_-]{0,46}$` */
  slug: string;
  max_attempts?: number;
  base_delay_ms?: number;
  max_delay_ms?: number;
  timeout_ms?: number;
  queue?: string;
  /** 1 to 1,000. */
  steps: StepDefinition[];
}

export const SLUG_PATTERN = /^[a-z][a-z0-9_-]{0,46}$/;
export const QUEUE_PATTERN = /^[a-z][a-z0-9_]{0,40}$/;
export const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
