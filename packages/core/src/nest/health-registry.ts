// What an app says about itself to its health endpoints: registered where the thing is made, asked when somebody looks. Readiness and details may not
// wait for the database: their answers come from what loops saw last. Checks may wait: /health alone asks them, for two seconds at most.

/** A sentence why this process cannot do its job now; null when it can. */
export type ReadinessCheck = () => string | null;

/** What was seen; `problems`: sentences that degrade. What it throws is why the check is down. */
export type HealthCheck = () => Promise<Record<string, unknown> & { problems?: string[] }>;

export class HealthRegistry {
  private readonly checks: ReadinessCheck[] = [];
  private readonly inReport = new Map<string, HealthCheck>();
  private readonly details = new Map<string, () => unknown>();

  addReadiness(check: ReadinessCheck): void {
    this.checks.push(check);
  }

  /** Shown in /health under `details`. */
  addDetails(name: string, details: () => unknown): void {
    this.details.set(name, details);
  }

  /** One more part of /health, beside those that every process has. */
  addCheck(name: string, check: HealthCheck): void {
    this.inReport.set(name, check);
  }

  allChecks(): [name: string, check: HealthCheck][] {
    return [...this.inReport];
  }

  /** Empty: ready. */
  reasonsNotReady(): string[] {
    return this.checks.map((check) => check()).filter((reason) => reason !== null);
  }

  allDetails(): Record<string, unknown> {
    return Object.fromEntries([...this.details].map(([name, details]) => [name, details()]));
  }
}
