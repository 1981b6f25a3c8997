// How a process begins and ends. Begin: listen first, then say so to whoever needs the address; work once the database has been seen to have the schema
// of this code. End, in this order:
//
//   1. readiness turns 503 (`draining` aborts): nobody sends anything new
//   2. first steps (onDrainStart), all at once: the worker is marked deprecated
//   3. drains (onDrain), the last registered first, each to its end: loops stop, what runs finishes or is given back, the worker is stopped
//   4. HTTP: open requests finish, then the server closes (Nest); then the database's connections
//
// A second signal aborts `hastened`: drains give back at once what still runs. Limit: a drain that fails is logged and does not stop the others.
import { type Logger, reasonOf } from '../domain/index.js';

type Step = { name: string; run: (hastened: AbortSignal) => Promise<void> | void };

export class Lifecycle {
  private readonly drain = new AbortController();
  private readonly haste = new AbortController();
  private readonly firstSteps: Step[] = [];
  private readonly steps: Step[] = [];
  private readonly listeners: ((address: string) => void)[] = [];
  private readonly beginners: ((address: string) => void)[] = [];
  private drained: Promise<void> | null = null;
  private boundTo: string | null = null;

  constructor(private readonly logger: Logger) {}

  /** Aborts when the process begins to stop: end streams and long-polls then. */
  get draining(): AbortSignal {
    return this.drain.signal;
  }

  /** Aborts at the second signal: give back what still runs. */
  get hastened(): AbortSignal {
    return this.haste.signal;
  }

  /** `http://host:port`, null before it listens. */
  get address(): string | null {
    return this.boundTo;
  }

  /** Called with the address once the server listens; at once when it does. */
  onListening(listener: (address: string) => void): void {
    if (this.boundTo === null) this.listeners.push(listener);
    else listener(this.boundTo);
  }

  /** Called with the address once this process may work: it listens, and its database has its schema. Never on another schema, nor while it stops. */
  onBegin(beginner: (address: string) => void): void {
    this.beginners.push(beginner);
  }

  /** Before any drain: what must be known to others first. */
  onDrainStart(name: string, run: Step['run']): void {
    this.firstSteps.push({ name, run });
  }

  /** Registered first, drained last. */
  onDrain(name: string, run: Step['run']): void {
    this.steps.push({ name, run });
  }

  listening(address: string): void {
    this.boundTo = address;
    for (const listener of this.listeners.splice(0)) listener(address);
  }

  /** Once, after `listening`. */
  begin(): void {
    if (this.boundTo === null || this.drain.signal.aborted) return;
    for (const beginner of this.beginners.splice(0)) beginner(this.boundTo);
  }

  /** Steps 1 to 3. Once: a second call waits for the first. */
  async stop(): Promise<void> {
    this.drained ??= this.stopNow();
    await this.drained;
  }

  hasten(): void {
    this.haste.abort();
  }

  private async stopNow(): Promise<void> {
    this.drain.abort();
    await Promise.all(this.firstSteps.map((step) => this.runStep(step)));
    for (const step of this.steps.toReversed()) await this.runStep(step);
  }

  private async runStep({ name, run }: Step): Promise<void> {
    try {
      await run(this.hastened);
    } catch (error) {
      this.logger.error({ step: name, reason: reasonOf(error) }, `stopping ${name} failed: ${reasonOf(error)}`);
    }
  }
}
