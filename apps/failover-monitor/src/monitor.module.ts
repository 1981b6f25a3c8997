import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { EventStore, LeaderDuties, LeaseReader, LeaseStore, WorkerReader, WorkerStore, type Config, type Logger, type Metrics } from '@singularity-workflow/core';
import { CoreModule, HealthRegistry, Lifecycle, LOGGER, METRICS } from '@singularity-workflow/core/nest';
import type { Recorder } from './act.js';
import { createMonitor } from './monitor.js';
import type { Watched } from './observe.js';

const WATCHED = Symbol('Watched');
const RECORDER = Symbol('Recorder');

@Module({})
export class MonitorModule implements OnApplicationBootstrap {
  constructor(
    private readonly monitor: LeaderDuties,
    private readonly lifecycle: Lifecycle,
    private readonly health: HealthRegistry,
  ) {}

  static forRoot(config: Config): DynamicModule {
    const { leaseTtlMs, workerRetentionMs, workerId: recordedBy } = config;
    return {
      module: MonitorModule,
      imports: [CoreModule.forRoot(config)],
      providers: [
        {
          provide: WATCHED,
          inject: [LeaseReader, WorkerReader],
          useFactory: (leases: LeaseReader, workers: WorkerReader): Watched => ({ leases, workers }),
        },
        {
          provide: RECORDER,
          inject: [EventStore, METRICS, LOGGER],
          useFactory: (events: EventStore, metrics: Metrics, logger: Logger): Recorder => ({ events, metrics, logger, recordedBy }),
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

  onApplicationBootstrap(): void {
    this.health.addReadiness('failover-monitor', () => this.monitor.notReady());
    this.health.addDetails('failover-monitor', () => this.monitor.details());
    this.lifecycle.onDrain('failover-monitor', () => this.monitor.stop());
    this.monitor.start();
  }
}
