import { Module, type DynamicModule } from '@nestjs/common';
import {
  EventStore,
  LeaderDuties,
  LeaseReader,
  LeaseStore,
  Presence,
  WorkerReader,
  WorkerStore,
  type Config,
  type Logger,
  type Metrics,
} from '@singularity-workflow/core';
import { CoreModule, HealthRegistry, Lifecycle, LOGGER, METRICS, PresenceModule } from '@singularity-workflow/core/nest';
import type { Recorder } from './act.js';
import { createMonitor } from './monitor.js';
import type { Watched } from './observe.js';

const WATCHED = Symbol('Watched');
const RECORDER = Symbol('Recorder');

@Module({})
export class MonitorModule {
  constructor(monitor: LeaderDuties, presence: Presence, lifecycle: Lifecycle, health: HealthRegistry) {
    presence.leaderToken = () => monitor.token();
    health.addReadiness(() => monitor.notReady());
    health.addDetails('failover-monitor', () => monitor.details());
    lifecycle.onListening(() => monitor.start());
    lifecycle.onDrain('failover-monitor', () => monitor.stop());
  }

  static forRoot(config: Config): DynamicModule {
    const { leaseTtlMs, workerRetentionMs } = config;
    return {
      module: MonitorModule,
      imports: [CoreModule.forRoot(config), PresenceModule.forRoot()],
      providers: [
        {
          provide: WATCHED,
          inject: [LeaseReader, WorkerReader],
          useFactory: (leases: LeaseReader, workers: WorkerReader): Watched => ({ leases, workers }),
        },
        {
          provide: RECORDER,
          inject: [EventStore, METRICS, LOGGER, Presence],
          useFactory: (events: EventStore, metrics: Metrics, logger: Logger, presence: Presence): Recorder => ({
            events,
            metrics,
            logger,
            recordedBy: () => presence.workerId,
          }),
        },
        {
          provide: LeaderDuties,
          inject: [WATCHED, RECORDER, WorkerStore, LeaseStore],
          useFactory: (watched: Watched, recorder: Recorder, workers: WorkerStore, leases: LeaseStore) =>
            createMonitor({ watched, recorder, workers, leases, leaseTtlMs, workerRetentionMs }),
        },
      ],
    };
  }
}
