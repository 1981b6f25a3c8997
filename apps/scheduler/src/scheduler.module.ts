import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { LeaderDuties, LeaseStore, QueueReader, QueueStore, RunStore, TaskStore, Wakeups, type Config, type Logger, type Metrics } from '@singularity-workflow/core';
import { CoreModule, HealthRegistry, Lifecycle, LOGGER, METRICS } from '@singularity-workflow/core/nest';
import type { SchedulerParts } from './scheduler.js';
import { createScheduler } from './scheduler.js';

const PARTS = Symbol('SchedulerParts');

@Module({})
export class SchedulerModule implements OnApplicationBootstrap {
  constructor(
    private readonly scheduler: LeaderDuties,
    private readonly lifecycle: Lifecycle,
    private readonly health: HealthRegistry,
  ) {}

  static forRoot(config: Config): DynamicModule {
    const { schedulerTickMs: tickMs, runRetentionDays, region, workerId: holder, leaseTtlMs } = config;
    return {
      module: SchedulerModule,
      imports: [CoreModule.forRoot(config)],
      providers: [
        {
          provide: PARTS,
          inject: [RunStore, TaskStore, QueueStore, QueueReader, Wakeups, LOGGER],
          useFactory: (...[runs, tasks, queues, queueReader, wakeups, logger]: PartsInjected): SchedulerParts => ({
            runs, tasks, queues, queueReader, wakeups, logger, tickMs, runRetentionDays, region, now: Date.now,
          }),
        },
        {
          provide: LeaderDuties,
          inject: [PARTS, LeaseStore, METRICS],
          useFactory: (parts: SchedulerParts, leases: LeaseStore, metrics: Metrics) => createScheduler(parts, metrics, { leases, holder, ttlMs: leaseTtlMs }),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.health.addReadiness('scheduler', () => this.scheduler.notReady());
    this.health.addDetails('scheduler', () => this.scheduler.details());
    this.lifecycle.onDrain('scheduler', () => this.scheduler.stop());
    this.scheduler.start();
  }
}

type PartsInjected = [RunStore, TaskStore, QueueStore, QueueReader, Wakeups, Logger];
