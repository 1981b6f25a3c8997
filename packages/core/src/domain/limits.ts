// Bounds that TypeScript enforces or must know. What SQL enforces whoever calls stands in workflow.limits, under the same names.

/** `POST /api/workflows/batch`, and the most elements that one call of a set-based function takes. */
export const BATCH_MAX = 1_000;
export const STEPS_MAX = 1_000;
export const MAP_ELEMENTS_MAX = 10_000;
export const PAGE_MAX = 200;
export const PAGE_DEFAULT = 50;
export const TENANT_ID_CHARS_MAX = 128;
export const IDEMPOTENCY_KEY_CHARS_MAX = 255;
export const LABELS_MAX = 32;
export const LABEL_CHARS_MAX = 255;
export const CRON_CHARS_MAX = 255;
export const TIME_ZONE_CHARS_MAX = 64;
/** Missed slots of one schedule that may be caught up. */
export const CATCH_UP_MAX = 1_000;
/** A day. */
export const JITTER_MS_MAX = 86_400_000;
export const TASK_OUTPUT_BYTES_MAX = 1_048_576;
export const GATHERED_BYTES_MAX = 16_777_216;
export const ERROR_BYTES_MAX = 8_192;
export const BODY_BYTES_MAX = 1_048_576;
export const BATCH_BODY_BYTES_MAX = 16_777_216;
export const JSON_DEPTH_MAX = 64;
/** Rows that one read of a list may look at before it answers with what it found and where to go on. */
export const SCAN_ROWS_MAX = 10_000;
export const COUNT_ROWS_MAX = 100_000;

/** pgmq's names: a logical queue `q` is the three queues `q_p0` (low), `q_p1` (normal), `q_p2` (high). */
export const DEFAULT_QUEUE = 'default';
export const PROBE_QUEUE = 'health_probe';
/** LISTEN channel of the wake-ups; the payload is the logical queue. */
export const WAKE_CHANNEL = 'workflow_work';
/** Payloads that are no queue. This region has become the home of groups: adopt them (place_groups sends it). */
export const HOMES_WAKE = '#homes';
/** Groups are being moved away, and their time to finish has passed: workers beat now, and hear what to give back. */
export const MOVES_WAKE = '#moves';
/** Messages of runs with durability quorum are held: the scheduler looks whether other regions have confirmed them. */
export const HELD_WAKE = '#held';
