// Waits, for many runs with durability quorum at once, until what was committed about them may be acknowledged (R11): a submission, a report, or the answer
// that either was there before. Runs of one tenant and tenure share one wait.
// Limit: it says what is confirmed, not what became of the rest: that may stand, and whoever asks again finds out.
import { isWorkflowError, WorkflowError } from '../domain/index.js';
import type { QuorumStore, UnconfirmedRun, UnconfirmedRuns } from '../store/index.js';
import type { Metrics } from '../telemetry/index.js';
import { Quorum } from './quorum.js';

export interface QuorumRunsParts {
  readonly quorum: Pick<Quorum, 'confirm' | 'close'>;
  readonly timeoutMs: number;
  /** A wait begins. */
  readonly onWait?: () => void;
  /** It is over: how long it was, and whether it was for nothing. */
  readonly onWaited?: (seconds: number, confirmed: boolean) => void;
}

export class QuorumRuns {
  constructor(private readonly parts: QuorumRunsParts) {}

  /** The runs of which nothing may be acknowledged, and why: `quorum_unavailable`, `quorum_impossible`. */
  async refused(runs: UnconfirmedRuns): Promise<Map<string, WorkflowError>> {
    const waits = new Map<string, Promise<WorkflowError | null>>();
    const refused = new Map<string, WorkflowError>();
    const all = [...runs].map(async ([runId, run]) => {
      const key = `${run.tenure}/${run.tenantId}`;
      if (!waits.has(key)) waits.set(key, this.wait(run));
      const error = await waits.get(key)!;
      if (error !== null)
        refused.set(runId, new WorkflowError(error.code, error.message, { field: error.field, facts: { run_id: runId } }));
    });
    await Promise.all(all);
    return refused;
  }

  /** Ends all waits, in vain. */
  close(): void {
    this.parts.quorum.close();
  }

  private async wait({ tenantId, zone, tenure }: UnconfirmedRun): Promise<WorkflowError | null> {
    const { quorum, timeoutMs, onWait, onWaited } = this.parts;
    if (tenure === null) return new WorkflowError('quorum_unavailable', `tenant ${tenantId} is not at home here any more`);
    const beganMs = performance.now();
    const waited = (confirmed: boolean): void => onWaited?.((performance.now() - beganMs) / 1_000, confirmed);
    try {
      const confirmed = quorum.confirm({ tenantId, tenure, zone, timeoutMs });
      onWait?.();
      await confirmed;
      waited(true);
      return null;
    } catch (error) {
      waited(false);
      if (isWorkflowError(error)) return error;
      throw error;
    }
  }
}

/** A poller of its own, and its metrics. */
export function quorumRuns(
  store: Pick<QuorumStore, 'observe' | 'stillAtHome'>,
  { quorumWaiters, quorumWaitSeconds }: Pick<Metrics, 'quorumWaiters' | 'quorumWaitSeconds'>,
  { quorumTimeoutMs: timeoutMs }: { readonly quorumTimeoutMs: number },
): QuorumRuns {
  const quorum = new Quorum(store);
  const onWait = (): void => quorumWaiters.set(quorum.waiting);
  const onWaited = (seconds: number, confirmed: boolean): void => {
    quorumWaiters.set(quorum.waiting);
    quorumWaitSeconds.observe({ outcome: confirmed ? 'confirmed' : 'refused' }, seconds);
  };
  return new QuorumRuns({ quorum, timeoutMs, onWait, onWaited });
}
