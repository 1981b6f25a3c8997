// Starting runs: what the wire asks for, as the engine takes it, one by one (gathered by the submitter) or as a batch; who got work is woken.
// What has durability quorum is answered when other regions have confirmed it (R11); nobody else waits for that.
import type { Config, Durability, Metrics, RunStatus, StartRunRequest, StartRunRow, SubmissionParts } from '@singularity-workflow/core';
import { BATCH_MAX, submitRuns, WorkflowError } from '@singularity-workflow/core';
import type { z } from 'zod';
import { StartBody, type Started, type StartedBatch } from '../wire/run.wire.js';
import { refusalOf } from '../wire/zod.pipe.js';
import type { Confirmations, Refused } from './confirmations.js';
import { Submitter } from './submitter.js';

export type StartedOnWire = z.infer<typeof Started>;
export type BatchResult = z.infer<typeof StartedBatch>['results'][number];

export interface StartsParts extends SubmissionParts {
  metrics: Pick<Metrics, 'runsStarted' | 'runsFinished'>;
  config: Pick<Config, 'region' | 'submitWindowMs' | 'submitBatchMax'>;
  confirmations: Pick<Confirmations, 'of'>;
}

/** refused: of a run with durability quorum what may not be acknowledged, once that is known; null where there is nothing to wait for. */
type StoredRow = StartRunRow & { readonly refused: Promise<Refused> | null };

export class Starts {
  private readonly submitter: Submitter<StoredRow>;

  constructor(private readonly parts: StartsParts) {
    const { submitWindowMs: windowMs, submitBatchMax: batchMax } = parts.config;
    this.submitter = new Submitter({ start: (requests) => this.store(requests), windowMs, batchMax });
  }

  /** `bytes`: the size of the body. Throws what refused it, and `quorum_unavailable` with the id of a run that may stand. */
  async one(body: StartBody, bytes: number): Promise<StartedOnWire> {
    const row = await this.submitter.submit(requestOf(body), bytes);
    if (row.outcome !== 'created' && row.outcome !== 'existing') throw errorOf(row);
    const refusal = (await row.refused)?.get(row.runId as string);
    if (refusal !== undefined) throw refusal;
    return {
      run_id: row.runId as string,
      status: row.status as RunStatus,
      executed_on: this.parts.config.region,
      durability: row.durability as Durability,
      existing: row.outcome === 'existing',
    };
  }

  /**
   * Each element is judged on its own: one that is refused does not hold up the others. `indexes`: which of the elements are meant, by default all; the
   * answers are in their order.
   */
  async many(elements: unknown[], indexes: readonly number[] = [...elements.keys()]): Promise<BatchResult[]> {
    if (elements.length > BATCH_MAX) {
      const detail = `${elements.length} workflows in one batch; at most ${BATCH_MAX} are allowed.`;
      throw new WorkflowError('batch_too_large', detail, { field: 'workflows', facts: { batch_max: BATCH_MAX } });
    }
    const judged = indexes.map((index) => StartBody.safeParse(elements[index]));
    const requests = judged.flatMap((result) => (result.success ? [requestOf(result.data)] : []));
    const rows = requests.length === 0 ? [] : await this.store(requests);
    const refused: Refused = (await rows.find((row) => row.refused !== null)?.refused) ?? new Map(); // one wait for all of a call
    const byOrdinal = new Map(rows.map((row) => [row.ordinal, row]));
    let ordinal = 0;
    return judged.map((result, place) => {
      const index = indexes[place]!;
      if (result.success) return resultOf(byOrdinal.get(++ordinal), index, refused);
      const refusal = refusalOf(result.error, ['workflows', index]);
      const error = { code: refusal.code, detail: refusal.message, ...(refusal.field === undefined ? {} : { field: refusal.field }) };
      return { outcome: 'refused', run_id: null, status: null, durability: null, error };
    });
  }

  private async store(requests: StartRunRequest[]): Promise<StoredRow[]> {
    const rows = await submitRuns(this.parts, requests);
    const { runsStarted, runsFinished } = this.parts.metrics;
    let created = 0;
    for (const row of rows) {
      if (row.outcome === 'created') created++;
      if (row.outcome === 'created' && row.status === 'completed') runsFinished.inc({ outcome: 'completed' });
    }
    if (created > 0) runsStarted.inc(created);
    const unconfirmed = rows.filter(isUnconfirmed);
    if (unconfirmed.length === 0) return rows.map((row) => ({ ...row, refused: null }));
    const refused = this.parts.confirmations.of(unconfirmed.map(({ runId }) => runId as string));
    return rows.map((row) => ({ ...row, refused: isUnconfirmed(row) ? refused : null }));
  }
}

function isUnconfirmed({ outcome, durability }: StartRunRow): boolean {
  return durability === 'quorum' && (outcome === 'created' || outcome === 'existing');
}

export function requestOf(body: StartBody): StartRunRequest {
  return {
    tenantId: body.tenant_id,
    workflow: body.workflow,
    version: body.version,
    input: body.input as StartRunRequest['input'],
    idempotencyKey: body.idempotency_key,
    runAt: body.run_at,
    deadline: body.deadline,
    priority: body.priority,
    labels: body.labels,
    durability: body.durability,
  };
}

function errorOf({ code, message, field, runId }: StartRunRow): WorkflowError {
  const detail = message ?? 'The run was not stored.';
  if (code === null) return new WorkflowError('not_home', detail);
  const about = { field: field ?? undefined, facts: runId === null ? {} : { run_id: runId } };
  return new WorkflowError(code, detail, about);
}

function resultOf(row: StartRunRow | undefined, index: number, refused: Refused): BatchResult {
  if (!row) throw new WorkflowError('database_unavailable', 'The database did not answer for every element.');
  const { outcome, runId, status, durability, code, message, field } = row;
  const refusal = runId === null ? undefined : refused.get(runId);
  if (refusal !== undefined && isUnconfirmed(row))
    return { outcome: 'unconfirmed', run_id: runId, status, durability, error: { code: refusal.code, detail: refusal.message } };
  const error = code === null ? null : { code, detail: message ?? '', ...(field === null ? {} : { field: `workflows.${index}.${field}` }) };
  return { outcome, run_id: runId, status, durability, error };
}
