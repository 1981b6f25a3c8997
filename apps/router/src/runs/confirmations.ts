// Whether submissions with durability quorum may be acknowledged: waits for other regions after the commit, once for all runs of a call (R11).
import { isWorkflowError, type QuorumRuns, type QuorumStore, WorkflowError } from '@singularity-workflow/core';

/** Of which runs nothing may be acknowledged, and why. */
export type Refused = ReadonlyMap<string, WorkflowError>;

export class Confirmations {
  constructor(
    private readonly store: Pick<QuorumStore, 'unconfirmed'>,
    private readonly runs: Pick<QuorumRuns, 'refused'>,
  ) {}

  /** Of these runs, which all have durability quorum and are committed. Never rejects: whoever could not be asked about is refused. */
  async of(runIds: readonly string[]): Promise<Refused> {
    try {
      const unconfirmed = await this.store.unconfirmed(runIds);
      const refused = await this.runs.refused(unconfirmed);
      for (const runId of runIds) if (!unconfirmed.has(runId)) refused.set(runId, unavailable(runId, 'it is not here any more'));
      return refused;
    } catch (error) {
      const why = isWorkflowError(error) ? error.message : 'it could not be looked at';
      return new Map(runIds.map((runId) => [runId, unavailable(runId, why)]));
    }
  }
}

function unavailable(runId: string, why: string): WorkflowError {
  return new WorkflowError('quorum_unavailable', `Run ${runId} is not confirmed: ${why}.`, { facts: { run_id: runId } });
}
