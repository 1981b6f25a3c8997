// Which claims are over: every attempt that a claim brought has its verdict. The database keeps a row for each claim until somebody says so;
// the ids ride along with whatever call comes next (report, claim or heartbeat), and stay for a later one where that fails.
//
// An optimisation: what is never said, after a crash or by a worker id that is gone, the database finds out by itself.
// Limit: SETTLED_MAX ids a call.

const SETTLED_MAX = 1_000;
const NONE: readonly number[] = [];

/** One claim of this process: shared by the attempts that it brought. */
export class HeldClaim {
  /** Attempts without a verdict. */
  held = 0;

  constructor(
    readonly workerId: string,
    readonly claimId: number,
  ) {}
}

export class SettledClaims {
  private ids: number[] = [];
  private owner = '';

  /** `workerId`: who this process is now. A worker's claims go with it. */
  constructor(private readonly workerId: () => string) {}

  /** One attempt of the claim is held no more, and no task of it is left to this worker. */
  settle(claim: HeldClaim): void {
    claim.held -= 1;
    if (claim.held > 0) return;
    const workerId = this.workerId();
    if (claim.workerId !== workerId) return;
    if (this.owner !== workerId) {
      this.owner = workerId;
      this.ids = [];
    }
    this.ids.push(claim.claimId);
  }

  /** Makes a call of the worker with the ids that nobody has sent yet. */
  async sentWith<Answer>(workerId: string, call: (settled: readonly number[]) => Promise<Answer>): Promise<Answer> {
    const sent = this.take(workerId);
    try {
      return await call(sent);
    } catch (error) {
      if (workerId === this.owner && sent.length > 0) this.ids.push(...sent);
      throw error;
    }
  }

  private take(workerId: string): readonly number[] {
    const { ids } = this;
    if (workerId !== this.owner || ids.length === 0) return NONE;
    if (ids.length > SETTLED_MAX) return ids.splice(0, SETTLED_MAX);
    this.ids = [];
    return ids;
  }
}
