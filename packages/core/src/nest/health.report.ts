// The whole report behind GET /health: what this process sees of its region, and the sentences why that is not as it should be.
import { Inject, Injectable } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { Config } from '../config/index.js';
import { PgmqGateway } from '../queue/index.js';
import { Database, LeaseReader, type LeaseRow, WorkerReader } from '../store/index.js';
import { HealthRegistry } from './health-registry.js';
import { CONFIG } from './tokens.js';
import { ownVersion } from './version.js';

interface Check {
  status: string;
  /** Why it is not up. */
  message?: string;
  /** Sentences that degrade, though the check itself went through. */
  problems?: string[];
  response_time_ms?: number;
  [seen: string]: unknown;
}

export interface HealthReport {
  status: 'ok' | 'degraded';
  /** Sentences; empty when ok. */
  reasons: string[];
  app: string;
  version: string;
  region: string;
  uptime_seconds: number;
  memory: { rss_bytes: number; heap_used_bytes: number };
  /** Terminus' details: database, pgmq, workers, leaders, each with `status` up or down and what was seen. */
  checks: Record<string, Check>;
  details: Record<string, unknown>;
}

const CHECK_TIMEOUT_MS = 2_000;
/** However many ask: one look a second. */
const CACHE_MS = 1_000;

/** What the report looks at; together, so that the reporter stays below six arguments. */
@Injectable()
export class HealthSources {
  constructor(
    @Inject(Database) readonly db: Database,
    @Inject(PgmqGateway) readonly pgmq: PgmqGateway,
    @Inject(WorkerReader) readonly workers: WorkerReader,
    @Inject(LeaseReader) readonly leases: LeaseReader,
    @Inject(HealthRegistry) readonly registry: HealthRegistry,
  ) {}
}

@Injectable()
export class HealthReporter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(HealthSources) private readonly sources: HealthSources,
  ) {}

  async report(): Promise<HealthReport> {
    const checks = await this.look();
    const reasons = reasonsOf(checks, this.sources.registry.reasonsNotReady());
    const { rss, heapUsed } = process.memoryUsage();
    return {
      status: reasons.length === 0 ? 'ok' : 'degraded',
      reasons,
      app: this.config.app,
      version: ownVersion(),
      region: this.config.region,
      uptime_seconds: Math.round(process.uptime()),
      memory: { rss_bytes: rss, heap_used_bytes: heapUsed },
      checks,
      details: this.sources.registry.allDetails(),
    };
  }

  private async look(): Promise<HealthReport['checks']> {
    const { db, pgmq, workers, leases } = this.sources;
    const attempt = (name: string, see: () => Promise<Record<string, unknown>>) => () =>
      this.indicators.check(name).attempt(see).withTimeout(CHECK_TIMEOUT_MS).cacheFor(CACHE_MS);
    const indicators = [
      attempt('database', async () => {
        const sentAtMs = performance.now();
        await db.query('select 1 as one');
        return { latency_ms: Math.round(performance.now() - sentAtMs), connections: db.connections };
      }),
      attempt('pgmq', async () => ({ latency_ms: await pgmq.probe() })),
      attempt('workers', async () => ({ region: this.config.region, states: await countsOf(workers) })),
      attempt('leaders', async () => ({ leases: (await leases.list()).map(leaseOf), problems: await problemsOf(leases) })),
    ];
    try {
      return checksOf((await this.health.check(indicators)).details);
    } catch (error) {
      // Terminus says "not all are up" with an exception whose response is the result.
      const response = (error as { getResponse?: () => unknown }).getResponse?.() as { details?: TerminusDetails } | undefined;
      if (response?.details === undefined) throw error;
      return checksOf(response.details);
    }
  }
}

/** Without its database nothing else can be up: that is one reason, not four. */
function reasonsOf(checks: HealthReport['checks'], notReady: string[]): string[] {
  const down = Object.entries(checks).filter(([, { status }]) => status !== 'up');
  const telling = down.some(([name]) => name === 'database') ? down.filter(([name]) => name === 'database') : down;
  const sentences = telling.map(([name, { message, status }]) => `${name}: ${message ?? status}`);
  const others = notReady.filter((reason) => !sentences.some((sentence) => sentence.endsWith(reason)));
  return [...sentences, ...others, ...(checks['leaders']?.problems ?? [])];
}

type TerminusDetails = Record<string, Record<string, unknown>>;

function checksOf(details: TerminusDetails): HealthReport['checks'] {
  const checks: HealthReport['checks'] = {};
  for (const [name, { responseTime, cachedResponse: _, ...seen }] of Object.entries(details)) {
    checks[name] = { ...(seen as Check), response_time_ms: Number(responseTime) };
  }
  return checks;
}

async function countsOf(workers: WorkerReader): Promise<Record<string, Record<string, number>>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { app, state, workers: number } of await workers.countByState()) (counts[app] ??= {})[state] = number;
  return counts;
}

function leaseOf({ name, holder, holderGroup: group, token, expiresAt, expired, holderState }: LeaseRow): Record<string, unknown> {
  return { name, holder, ...(group !== null && { group }), token, expires_at: expiresAt, expired, holder_state: holderState };
}

async function problemsOf(leases: LeaseReader): Promise<string[]> {
  const expired = (await leases.list()).filter((lease) => lease.expired && lease.wanted).map((lease) => `nobody leads ${lease.name} now`);
  const split = (await leases.splitBrains()).map(
    ({ lease, workerId, believed, token }) =>
      `split brain: worker ${workerId} believes that it leads ${lease} with token ${believed}; its token is ${token}`,
  );
  return [...expired, ...split];
}
