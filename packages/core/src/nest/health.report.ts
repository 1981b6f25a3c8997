// The whole report behind GET /health: what this process sees of its region, and the sentences why that is not as it should be.
import { Inject, Injectable } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { type Config, isSecondary } from '../config/index.js';
import { replicationProblems } from '../domain/index.js';
import { PgmqGateway } from '../queue/index.js';
import { Database, LeaseReader, type LeaseRow, type CopyingPeer, ReplicationReader, WorkerReader } from '../store/index.js';
import { type HealthCheck, HealthRegistry } from './health-registry.js';
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
  /** Terminus' details: database, pgmq, workers, leaders, replication and what the app adds, each with `status` up or down and what was seen. */
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
    @Inject(ReplicationReader) readonly replication: ReplicationReader,
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
    const checks: [string, HealthCheck][] = [
      ['database', () => this.seeDatabase()],
      ...this.ofThePrimary(),
      ...this.sources.registry.allChecks(),
    ];
    const indicators = checks.map(
      ([name, see]) =>
        () =>
          this.indicators.check(name).attempt(see).withTimeout(CHECK_TIMEOUT_MS).cacheFor(CACHE_MS),
    );
    try {
      return checksOf((await this.health.check(indicators)).details);
    } catch (error) {
      // Terminus says "not all are up" with an exception whose response is the result.
      const response = (error as { getResponse?: () => unknown }).getResponse?.() as { details?: TerminusDetails } | undefined;
      if (response?.details === undefined) throw error;
      return checksOf(response.details);
    }
  }

  private async seeDatabase(): Promise<Record<string, unknown>> {
    const { db } = this.sources;
    const sentAtMs = performance.now();
    await db.query('select 1 as one');
    return { latency_ms: Math.round(performance.now() - sentAtMs), connections: db.connections };
  }

  /** What only the database that is written can tell. */
  private ofThePrimary(): [string, HealthCheck][] {
    if (isSecondary(this.config)) return [];
    const { pgmq, workers, leases, replication } = this.sources;
    const { region, maxLagBytes } = this.config;
    return [
      ['pgmq', async () => ({ latency_ms: await pgmq.probe() })],
      ['workers', async () => ({ region, states: await countsOf(workers) })],
      ['leaders', async () => ({ leases: (await leases.list()).map(leaseOf), problems: await problemsOf(leases) })],
      ['replication', async () => peersOf(await replication.peers(), maxLagBytes)],
    ];
  }
}

/** Checks that do not ask the database. */
const APART = new Set(['database', 'primary']);

/** Without its database nothing else that asks it can be up: that is one reason, not five. */
function reasonsOf(checks: HealthReport['checks'], notReady: string[]): string[] {
  const down = Object.entries(checks).filter(([, { status }]) => status !== 'up');
  const telling = down.some(([name]) => name === 'database') ? down.filter(([name]) => APART.has(name)) : down;
  const sentences = telling.map(([name, { message, status }]) => `${name}: ${message ?? status}`);
  const others = notReady.filter((reason) => !sentences.some((sentence) => sentence.endsWith(reason)));
  return [...sentences, ...others, ...Object.values(checks).flatMap(({ problems }) => problems ?? [])];
}

function peersOf(peers: CopyingPeer[], lagBytesMax: number): { peers: Record<string, unknown>[]; problems: string[] } {
  const shown = peers.map(({ peer, kind, slot, connected, state, lagBytes, retainedBytes, lost }) => ({
    peer,
    kind,
    slot,
    connected,
    state,
    lag_bytes: lagBytes,
    retained_bytes: retainedBytes,
    lost,
  }));
  return { peers: shown, problems: replicationProblems(peers, lagBytesMax) };
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
