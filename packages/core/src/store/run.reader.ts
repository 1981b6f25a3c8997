// Reads about runs: lists, one run, its timeline, its events. Bounded by the caller and by what a scan may look at; nothing is decided here.
import { COUNT_ROWS_MAX, priorityOfIndex, type RunStatus, SCAN_ROWS_MAX } from '../domain/index.js';
import type { Database } from './database.js';
import * as reads from './run.reads.js';
import type {
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

type Raw<View> = Omit<View, 'priority'> & { priority: number };
type ScanRow = { scanEnd: string | null };

export class RunReader {
  constructor(private readonly db: Database) {}

  /**
   * Newest first, by run id. Looks at no more than `scanMax` rows: may answer fewer runs than `limit`, even none, with a `nextBefore` to go on from.
   * `nextBefore` is null only when there is no more.
   */
  async list(scan: Scan): Promise<{ runs: RunSummary[]; nextBefore: string | null }> {
    const { rows, nextBefore } = await this.scan<Raw<RunSummary> & ScanRow>(scan, reads.LIST, reads.LIST_BY_LABEL);
    return { runs: rows.map(({ scanEnd: _, ...run }) => ({ ...run, priority: priorityOfIndex(run.priority) })), nextBefore };
  }

  /** The ids only, for cancelling and retrying in batches; the same rule. */
  async select(scan: Scan): Promise<{ runIds: string[]; nextBefore: string | null }> {
    const { rows, nextBefore } = await this.scan<{ runId: string } & ScanRow>(scan, reads.SELECT, reads.SELECT_BY_LABEL);
    return { runIds: rows.map(({ runId }) => runId), nextBefore };
  }

  /** How many there are; `complete` false: it gave up after `scanMax` rows (default 100,000), and there may be more. */
  async count({
    filter,
    scanMax = COUNT_ROWS_MAX,
  }: {
    filter: RunFilter;
    scanMax?: number | undefined;
  }): Promise<{ count: number; complete: boolean }> {
    const [row] = await this.db.query<{ count: number; scanned: number }>(
      reads.COUNT[kindOf(filter)],
      valuesOf({ filter, limit: scanMax, scanMax }),
    );
    return { count: row!.count, complete: row!.scanned < scanMax };
  }

  async get(runId: string): Promise<RunView | null> {
    const [row] = await this.db.query<Raw<RunView>>(reads.GET, [runId], 'run');
    return row === undefined ? null : { ...row, priority: priorityOfIndex(row.priority) };
  }

  /** Those of `runIds` (at most 1,000) that are final, or gone (`status` null). One read by primary key: for long-polls. */
  async finished(runIds: readonly string[]): Promise<{ runId: string; status: RunStatus | null }[]> {
    return this.db.query(reads.FINISHED, [runIds], 'finished');
  }

  /** All steps in the order of the definition, and up to `taskLimit` tasks in the order of (step, index) with their failed attempts. Null: no such run. */
  async steps({
    runId,
    after,
    taskLimit,
  }: {
    runId: string;
    after?: TaskPosition | undefined;
    taskLimit: number;
  }): Promise<{ steps: StepView[]; tasks: TaskView[]; next: TaskPosition | null } | null> {
    const steps = await this.db.query<StepView>(reads.STEPS, [runId], 'steps');
    if (steps.length === 0 && (await this.get(runId)) === null) return null; // a scheduled run has no steps yet
    const rows = await this.db.query<
      Omit<TaskView, 'attempts'> &
        TaskPosition & { attempts: (Omit<AttemptView, 'startedAt' | 'failedAt'> & { startedAt: string | null; failedAt: string })[] }
    >(reads.TASKS, [runId, after?.stepIndex ?? -1, after?.taskIndex ?? -1, taskLimit], 'tasks');
    const tasks = rows.map(({ stepIndex: _, attempts, ...task }) => ({ ...task, attempts: attempts.map(withDates) }));
    const last = rows.length === taskLimit ? rows.at(-1) : undefined;
    return { steps, tasks, next: last === undefined ? null : { stepIndex: last.stepIndex, taskIndex: last.taskIndex } };
  }

  /** Events of several runs in one query: for each of `reads` its own array, in order, at most `limit` long, beginning after `from`. */
  async events({
    reads: wanted,
    limit,
  }: {
    reads: readonly { runId: string; from: EventPosition | null }[];
    limit: number;
  }): Promise<RunEventRow[][]> {
    const columns = [
      wanted.map((r) => r.runId),
      wanted.map((r) => r.from?.at ?? null),
      wanted.map((r) => r.from?.rank ?? null),
      wanted.map((r) => r.from?.eventId ?? null),
    ];
    const rows = await this.db.query<RunEventRow & { read: number }>(reads.EVENTS, [...columns, limit], 'events');
    const answers: RunEventRow[][] = wanted.map(() => []);
    for (const { read, ...event } of rows) answers[read - 1]!.push(event);
    return answers;
  }

  /** When an event was, in microseconds as text; null: no such event (any more). For resuming a stream by its last id. */
  async eventAt({ runId, eventId }: { runId: string; eventId: string }): Promise<string | null> {
    const [row] = await this.db.query<{ at: string }>(reads.EVENT_AT, [runId, eventId]);
    return row?.at ?? null;
  }

  private async scan<Row extends ScanRow & { runId: string }>(
    scan: Scan,
    texts: Record<reads.ScanKind, string>,
    byLabel: string,
  ): Promise<{ rows: Row[]; nextBefore: string | null }> {
    const values = valuesOf(scan);
    const text = (await this.labelIsSelective(scan)) ? byLabel : texts[kindOf(scan.filter)];
    const found = await this.db.query<Row>(text, values);
    const rows = found.filter((row) => row.runId !== null);
    const full = rows.length >= scan.limit;
    return { rows, nextBefore: full ? rows.at(-1)!.runId : (found[0]?.scanEnd ?? null) };
  }

  /** The index of labels knows no order: it serves where it finds few runs; a label that most runs have is found by looking at runs. */
  private async labelIsSelective({ filter, scanMax = SCAN_ROWS_MAX }: Scan): Promise<boolean> {
    if (filter.labels === undefined || Object.keys(filter.labels).length === 0) return false;
    const [row] = await this.db.query<{ runs: number }>(reads.SELECTIVE_LABEL, [filter.labels, scanMax + 1]);
    return row!.runs <= scanMax;
  }
}

function kindOf({ tenantId, workflow }: RunFilter): reads.ScanKind {
  if (tenantId === undefined) return 'all';
  return workflow === undefined ? 'tenant' : 'tenantAndWorkflow';
}

/** Ids are uuidv7, so a time bounds them; an hour of slack for ids that clients made by clocks of their own. */
const ID_SLACK_MS = 3_600_000;

function idAt(timeMs: number): string {
  const hex = Math.max(0, Math.floor(timeMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

function valuesOf({ filter, before, limit, scanMax = SCAN_ROWS_MAX }: Scan): unknown[] {
  const { tenantId, workflow, statuses, labels, createdFrom, createdTo } = filter;
  const from = createdFrom === undefined ? idAt(0) : idAt(createdFrom.getTime() - ID_SLACK_MS);
  const to = createdTo === undefined ? HIGHEST_ID : idAt(createdTo.getTime() + ID_SLACK_MS);
  const upper = before !== undefined && before < to ? before : to;
  const filtered = statuses !== undefined || labels !== undefined || createdFrom !== undefined || createdTo !== undefined;
  return [
    from,
    upper,
    tenantId,
    workflow,
    statuses,
    labels,
    createdFrom,
    createdTo,
    limit,
    scanMax,
    filtered ? scanMax : Math.min(limit, scanMax),
  ];
}

function withDates({
  startedAt,
  failedAt,
  ...rest
}: Omit<AttemptView, 'startedAt' | 'failedAt'> & { startedAt: string | null; failedAt: string }): AttemptView {
  return { ...rest, startedAt: startedAt === null ? null : new Date(startedAt), failedAt: new Date(failedAt) };
}
