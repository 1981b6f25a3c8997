// How the rows of the two busiest functions are read: by position. An object that is built key by key costs more than the rest of a row,
// and these come by the ten thousand a second.
// Limit: the columns and the readers below must name the same things in the same order; Database refuses an answer with other columns.
import type { Json, ReportVerdict } from '../domain/index.js';
import type { UnconfirmedAnswer } from './quorum.store.js';
import type { ClaimedTask, CompletionRow, EndedRuns } from './task.store.js';

const TASK_COLUMNS = [
  'run_id',
  'step_slug',
  'task_index',
  'attempt',
  'workflow',
  'definition_id',
  'tenant_id',
  'kind',
  'input',
  'run_input',
  'timeout_ms',
  'deadline',
  'wait_ms',
] as const;

/** Of start_tasks. */
export const CLAIM_COLUMNS: readonly string[] = ['claim_id', ...TASK_COLUMNS];
const VERDICT_COLUMNS = ['ordinal', 'verdict', 'queues', 'ended', 'unconfirmed'] as const;
/** Of complete_tasks: of a verdict the first ones, of a task that was handed over the rest. */
export const COMPLETION_COLUMNS: readonly string[] = [...VERDICT_COLUMNS, ...CLAIM_COLUMNS];

/** The task whose columns begin at `at`. */
function taskAt(row: readonly unknown[], at: number): ClaimedTask {
  return {
    claimId: row[at] as number,
    runId: row[at + 1] as string,
    stepSlug: row[at + 2] as string,
    taskIndex: row[at + 3] as number,
    attempt: row[at + 4] as number,
    workflow: row[at + 5] as string,
    definitionId: row[at + 6] as string,
    tenantId: row[at + 7] as string,
    kind: row[at + 8] as ClaimedTask['kind'],
    input: row[at + 9] as Json,
    runInput: row[at + 10] as Json,
    timeoutMs: row[at + 11] as number,
    deadline: row[at + 12] as Date | null,
    waitMs: row[at + 13] as number,
  };
}

export function claimedTasks(rows: readonly unknown[][]): ClaimedTask[] {
  return rows.map((row) => taskAt(row, 0));
}

/** Verdicts come first, one for each result in order; then what was handed over, which has no ordinal. */
export function completionAnswer(answer: readonly unknown[][]): { rows: CompletionRow[]; handed: ClaimedTask[] } {
  const rows: CompletionRow[] = [];
  const handed: ClaimedTask[] = [];
  for (const row of answer) {
    const [ordinal, verdict, queues, ended, unconfirmed] = row;
    if (ordinal === null) handed.push(taskAt(row, VERDICT_COLUMNS.length));
    else
      rows.push({
        ordinal: ordinal as number,
        verdict: verdict as ReportVerdict,
        queues: queues as string[] | null,
        ended: ended as EndedRuns,
        unconfirmed: unconfirmed as UnconfirmedAnswer,
      });
  }
  return { rows, handed };
}
