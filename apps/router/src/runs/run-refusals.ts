import type { CancelVerdict, DeleteVerdict } from '@singularity-workflow/core';
import { WorkflowError } from '@singularity-workflow/core';

export function runNotFound(runId: string): WorkflowError {
  return new WorkflowError('run_not_found', `There is no run ${runId}.`, { field: 'run_id' });
}

/** The error that a verdict other than success stands for, where one run was meant. */
export function refuseVerdict(runId: string, verdict: CancelVerdict | DeleteVerdict): WorkflowError {
  if (verdict === 'finished') return new WorkflowError('run_finished', `Run ${runId} has ended already.`, { field: 'run_id' });
  if (verdict === 'not_finished')
    return new WorkflowError('run_not_finished', `Run ${runId} has not ended; cancel it first.`, { field: 'run_id' });
  if (verdict === 'not_home') return new WorkflowError('not_home', `Run ${runId} is not at home here now.`, { field: 'run_id' });
  return runNotFound(runId);
}
