import { Inject, Module, type DynamicModule } from '@nestjs/common';
import {
  EventStore,
  LeaseReader,
  LeaseStore,
  OrchestratorReader,
  OrchestratorStore,
  Presence,
  WorkerReader,
  WorkerStore,
  type Config,
  type Logger,
  type Metrics,
} from '@singularity-workflow/core';
import { CoreModule, HealthRegistry, Lifecycle, LOGGER, METRICS, PresenceModule } from '@singularity-workflow/core/nest';
import type { Recorder } from './act.js';
import { createMonitor, type Monitor } from './monitor.js';
import type { Watched } from './observe.js';

const WATCHED = Symbol('Watched');
const RECORDER = Symbol('Recorder');
const MONITOR = Symbol('Monitor');

type RecorderInjected = [EventStore, OrchestratorStore, Metrics, Logger, Presence];

@Module({})
export class MonitorModule {
  constructor(@Inject(MONITOR) { duties, oversight }: Monitor, presence: Presence, lifecycle: Lifecycle, health: HealthRegistry) {
    presence.leaderToken = () => duties.token();
    health.addReadiness(() => duties.notReady());
    health.addDetails('failover-monitor', () => ({ ...duties.details(), orchestrators: oversight.verdict() }));
    lifecycle.onListening(() => duties.start());
    lifecycle.onDrain('failover-monitor', () => duties.stop());
  }

  static forRoot(config: Config): DynamicModule {
    const { leaseTtlMs, workerRetentionMs, primaryTimeoutMs, failback, failbackAfterMs } = config;
    const rules = { primaryTimeoutMs, failback, failbackAfterMs };
    const checkIntervalMs = config.primaryHeartbeatCheckIntervalMs;
    return {
      module: MonitorModule,
      imports: [CoreModule.forRoot(config), PresenceModule.forRoot()],
      providers: [
        {
          provide: WATCHED,
          inject: [LeaseReader, WorkerReader, OrchestratorReader],
          useFactory: (leases: LeaseReader, workers: WorkerReader, orchestrators: OrchestratorReader): Watched => ({
            leases,
            workers,
            orchestrators,
          }),
        },
        {
          provide: RECORDER,
          inject: [EventStore, OrchestratorStore, METRICS, LOGGER, Presence],
          useFactory: (...[events, orchestrators, metrics, logger, presence]: RecorderInjected): Recorder => ({
            events,
            orchestrators,
            metrics,
            logger,
            recordedBy: () => presence.workerId,
          }),
        },
        {
          provide: MONITOR,
          inject: [WATCHED, RECORDER, WorkerStore, LeaseStore],
          useFactory: (watched: Watched, recorder: Recorder, workers: WorkerStore, leases: LeaseStore) =>
            createMonitor({ watched, recorder, workers, leases, leaseTtlMs, workerRetentionMs, rules, checkIntervalMs }),
        },
      ],
    };
  }
}
