// What an app says about itself to its health endpoints: registered where the thing is made, asked when somebody looks. No question may wait for
// the database: answers come from what loops saw last.

/** A sentence why this process cannot do its job now; null when it can. */
export type ReadinessCheck = () => string | null;

export class HealthRegistry {
  private readonly checks: ReadinessCheck[] = [];
  private readonly details = new Map<string, () => unknown>();

  addReadiness(check: ReadinessCheck): void {
    this.checks.push(check);
  }

  /** Shown in /health under `details`. */
  addDetails(name: string, details: () => unknown): void {
    this.details.set(name, details);
  }

  /** Empty: ready. */
  reasonsNotReady(): string[] {
    return this.checks.map((check) => check()).filter((reason) => reason !== null);
  }

  allDetails(): Record<string, unknown> {
    return Object.fromEntries([...this.details].map(([name, details]) => [name, details()]));
  }
}
