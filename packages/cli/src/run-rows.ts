import type { Run, RunSummary } from '@singularity-workflow/sdk/client';
import type { Row } from './terminal.js';

/** A run as one line of a list. */
export function runRow({ run_id, workflow, version, tenant_id, status, progress, created_at, finished_at }: RunSummary): Row {
  return {
    run_id,
    workflow,
    version,
    tenant: tenant_id,
    status,
    steps: `${progress.steps_done}/${progress.steps_total}`,
    created_at,
    finished_at,
  };
}

/** A run as a list of its facts. */
export function runFacts(run: Run): Row[] {
  const facts: Record<string, string | number | null> = {
    run_id: run.run_id,
    workflow: `${run.workflow} version ${run.version ?? 'unknown'}`,
    tenant: run.tenant_id,
    status: run.status,
    steps: `${run.progress.steps_done} of ${run.progress.steps_total}`,
    created_at: run.created_at,
    finished_at: run.finished_at,
    input: JSON.stringify(run.input),
    output: run.output === null ? null : JSON.stringify(run.output),
    error: run.error === null ? null : `${run.error.code ?? 'error'}: ${run.error.message ?? ''}`,
  };
  return Object.entries(facts).flatMap(([fact, value]) => (value === null ? [] : [{ fact, value }]));
}
