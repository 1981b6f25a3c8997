// Looks whether the database answers and has the schema of this code; where the process has an admin login, brings it first. A service on another
// schema than its own, or without its database, waits unready and says why; it neither exits nor guesses. It begins to work when it has seen its own
// schema; one that works goes on when a newer release migrates the database beside it.
import type { Config } from '../config/index.js';
import { isUnavailable, isWorkflowError, type Logger, reasonOf } from '../domain/index.js';
import { Loop, type TickResult } from '../loop/index.js';
import { type Database, type SchemaVersions, schemaVersions } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';

/** core's migrate(), handed in by main.ts: the rim does not know it. */
export type Migrate = (options: { adminUrl: string }) => Promise<{ applied: string[] }>;

const LOOK_MS = 1_000;
/** Some call failed for want of a database and none has succeeded for so long: no need to wait for the next look. */
const OUTAGE_MS = 1_000;
/** Once the schema is current, it is looked at every fifth time only. */
const QUIET_LOOKS = 5;

export class SchemaWatch {
  private readonly loop: Loop;
  private migrate: Migrate | null = null;
  private onCurrent: (() => void) | null = null;
  private seen: SchemaVersions | null = null;
  private lostAtMs: number | null = null;
  private looks = 0;
  private failure: string | null = 'the database was not asked yet';

  constructor(
    private readonly config: Config,
    private readonly db: Database,
    private readonly logger: Logger,
  ) {
    this.loop = new Loop({ name: 'schema watch', intervalMs: LOOK_MS, logger, tick: () => this.look() });
  }

  /** `migrate`: applied before the first look, when DATABASE_ADMIN_URL is set. `onCurrent`: called once, when the schema was first seen to be this code's. */
  start({ migrate, onCurrent }: { migrate?: Migrate | undefined; onCurrent?: () => void } = {}): void {
    this.migrate = this.config.databaseAdminUrl === null ? null : (migrate ?? null);
    this.onCurrent = onCurrent ?? null;
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** Null: the database answers and its schema is this code's. */
  reasonNotReady(): string | null {
    if (this.failure !== null) return this.failure;
    if ((this.db.unavailableForMs ?? 0) > OUTAGE_MS) return 'the database does not answer';
    const { state, have, need } = this.seen!;
    if (state === 'current') return null;
    if (state === 'missing') return `the database has no schema yet: it must be migrated to version ${need}`;
    return `the schema is ${state === 'too_old' ? 'too old' : 'too new'}: the database has version ${have}, this process needs ${need}`;
  }

  private async look(): Promise<TickResult> {
    this.looks += 1;
    const quiet = this.failure === null && this.seen?.state === 'current';
    if (quiet && this.looks % QUIET_LOOKS !== 0) return 'idle';
    try {
      if (this.migrate !== null) await this.migrateNow(this.migrate);
      this.found(await schemaVersions(this.db));
    } catch (error) {
      this.failure = reasonOf(error);
      if (!isUnavailable(error)) throw error;
      this.lost(reasonOf((error as Error).cause ?? error));
    }
    return 'idle';
  }

  private async migrateNow(migrate: Migrate): Promise<void> {
    const startedAtMs = performance.now();
    try {
      const { applied } = await migrate({ adminUrl: this.config.databaseAdminUrl! });
      if (applied.length > 0) logEvent(this.logger, 'schema_migrated', { applied, tookMs: Math.round(performance.now() - startedAtMs) });
    } catch (error) {
      if (!isWorkflowError(error, 'schema_too_new') && !isWorkflowError(error, 'schema_edited')) throw error;
      this.logger.warn({ code: error.code }, error.message); // the look that follows says whether this process can work with it
    }
    this.migrate = null;
  }

  private found(versions: SchemaVersions): void {
    if (this.lostAtMs !== null) logEvent(this.logger, 'database_back', { afterMs: Math.round(performance.now() - this.lostAtMs) });
    this.lostAtMs = null;
    this.failure = null;
    if (versions.state !== 'current' && versions.state !== this.seen?.state) {
      logEvent(this.logger, 'schema_differs', { state: versions.state, have: versions.have, need: versions.need });
    }
    this.seen = versions;
    if (versions.state !== 'current') return;
    this.onCurrent?.();
    this.onCurrent = null;
  }

  private lost(reason: string): void {
    if (this.lostAtMs === null) logEvent(this.logger, 'database_lost', { reason });
    this.lostAtMs ??= performance.now();
  }
}
