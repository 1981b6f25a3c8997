// Verdicts on runs with durability quorum: they count when other regions have confirmed what was reported, and not before (R11). Where that is not had in
// time the report is sent again: the answer, then `already`, has to be confirmed in its turn.
//
// Limit: whoever waits here holds up nobody else, and no slot. From UNCONFIRMED_MAX reports on `isFull` is true: nobody claims more then. It comes to
// that only where a quorum is away and many tasks had been let go before: nothing that follows from them starts meanwhile.
import type { QuorumRuns, ReportVerdict, UnconfirmedRuns } from '@singularity-workflow/core';
import type { Report, Verdict } from './report-lane.js';

export interface UnconfirmedVerdictsParts {
  readonly quorum: Pick<QuorumRuns, 'refused' | 'close'>;
  readonly onConfirmed: (report: Report, verdict: Verdict) => void;
  /** After some of them, once for all that were confirmed together. */
  readonly onAnswered: () => void;
  readonly repeat: (report: Report) => void;
}

export interface Unconfirmed {
  readonly report: Report;
  readonly verdict: Verdict;
}

const UNCONFIRMED_MAX = 10_000;
const UNCONFIRMED_BYTES_MAX = 64 * 1_048_576;
/** A refusal may come at once, as long as the region has no lease. */
const REPEAT_AFTER_MS = 500;

export class UnconfirmedVerdicts {
  private count = 0;
  private bytes = 0;
  private readonly pauses = new Set<NodeJS.Timeout>();
  private closed = false;

  constructor(private readonly parts: UnconfirmedVerdictsParts) {}

  /** Reports that wait here. */
  get size(): number {
    return this.count;
  }

  get isFull(): boolean {
    return this.count >= UNCONFIRMED_MAX || this.bytes >= UNCONFIRMED_BYTES_MAX;
  }

  /** Takes those whose verdict must wait, one call's together; the others are not meant. */
  hold(held: readonly Unconfirmed[], runs: UnconfirmedRuns): void {
    this.count += held.length;
    for (const { report } of held) this.bytes += report.text.length;
    void this.settle(held, runs);
  }

  /** Nobody waits any more, and nothing is repeated. Answers how many had no verdict. */
  close(): number {
    this.closed = true;
    for (const pause of this.pauses) clearTimeout(pause);
    const { count } = this;
    this.parts.quorum.close();
    return count;
  }

  private async settle(held: readonly Unconfirmed[], runs: UnconfirmedRuns): Promise<void> {
    const refused = await this.parts.quorum.refused(runs).catch(() => null);
    const again: Report[] = [];
    let confirmed = 0;
    for (const { report, verdict } of held) {
      const { runId } = report.attempt.task;
      const error = refused?.get(runId);
      // Nobody else votes any more: what is committed here is all that there is.
      const isConfirmed = refused !== null && (error === undefined || error.code === 'quorum_impossible');
      const isElsewhere = runs.get(runId)?.tenure === null;
      if (!isConfirmed && !isElsewhere) {
        again.push(report);
        continue;
      }
      this.leave(report);
      confirmed += 1;
      this.parts.onConfirmed(report, isElsewhere ? { ...verdict, verdict: 'not_home' satisfies ReportVerdict } : verdict);
    }
    if (confirmed > 0) this.parts.onAnswered();
    if (again.length > 0) this.repeat(again);
  }

  private repeat(reports: readonly Report[]): void {
    if (this.closed) return;
    const pause = setTimeout(() => {
      this.pauses.delete(pause);
      for (const report of reports) {
        this.leave(report);
        this.parts.repeat(report);
      }
    }, REPEAT_AFTER_MS);
    this.pauses.add(pause);
  }

  private leave(report: Report): void {
    this.count -= 1;
    this.bytes -= report.text.length;
  }
}
