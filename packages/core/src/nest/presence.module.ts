// This process in workflow_workers, for apps that run no tasks (an executor has the sdk's own): registered once it listens, deprecated first when it
// stops, stopped last. Ready only while it is registered.
import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { hostname } from 'node:os';
import type { Config } from '../config/index.js';
import type { Logger } from '../domain/index.js';
import { Presence } from '../leadership/index.js';
import { type WorkerRegistration, WorkerStore } from '../store/index.js';
import { HealthRegistry } from './health-registry.js';
import { Lifecycle } from './lifecycle.js';
import { CONFIG, LOGGER } from './tokens.js';
import { ownVersion } from './version.js';

/** What a process says about itself; an executor adds its queues, handlers and capacity. */
export function describeProcess(config: Config, address: string | null): WorkerRegistration {
  const { workerId, app, region, heartbeatTimeoutMs, visibilityTimeoutMs } = config;
  const registration = {
    workerId,
    app,
    region,
    host: hostname(),
    pid: process.pid,
    version: ownVersion(),
    heartbeatTimeoutMs,
    visibilityTimeoutMs,
  };
  return address === null ? registration : { ...registration, address };
}

@Module({})
export class PresenceModule {
  constructor(
    private readonly presence: Presence,
    private readonly lifecycle: Lifecycle,
    health: HealthRegistry,
    @Inject(CONFIG) config: Config,
  ) {
    health.addReadiness(() => (presence.registered ? null : 'it is not registered as a worker yet'));
    health.addDetails('worker', () => ({
      worker_id: presence.workerId,
      registered: presence.registered,
      heartbeat_interval_ms: config.heartbeatIntervalMs,
    }));
    this.follow();
  }

  /** Provides Presence; a leader sets `presence.leaderToken`. */
  static forRoot(): DynamicModule {
    const presence = {
      provide: Presence,
      inject: [CONFIG, WorkerStore, LOGGER, Lifecycle],
      useFactory: (config: Config, workers: WorkerStore, logger: Logger, lifecycle: Lifecycle) =>
        new Presence({
          describe: () => describeProcess(config, lifecycle.address),
          workers,
          intervalMs: config.heartbeatIntervalMs,
          logger,
        }),
    };
    return { module: PresenceModule, global: true, providers: [presence], exports: [Presence] };
  }

  private follow(): void {
    this.lifecycle.onBegin(() => this.presence.start());
    this.lifecycle.onDrainStart('presence', () => this.presence.deprecate());
    this.lifecycle.onDrain('presence', () => this.presence.stop());
  }
}
