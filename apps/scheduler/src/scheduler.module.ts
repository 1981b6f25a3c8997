import { Module, type DynamicModule } from '@nestjs/common';
import {
  LeaderDuties,
  LeaseStore,
  Presence,
  QueueReader,
  QueueStore,
  ReplicationReader,
  ReplicationStore,
  RequestStore,
  RunStore,
  ScheduleStore,
  TaskStore,
  Wakeups,
  type Config,
  type Logger,
  type Metrics,
} from '@singularity-workflow/core';
import { CoreModule, HealthRegistry, Lifecycle, LOGGER, METRICS, PresenceModule } from '@singularity-workflow/core/nest';
import { createScheduler, type SchedulerParts } from './scheduler.js';

const PARTS = Symbol('SchedulerParts');

type PartsInjected = [
  RunStore,
  ScheduleStore,
  TaskStore,
  QueueStore,
  QueueReader,
  ReplicationReader,
  ReplicationStore,
  RequestStore,
  Wakeups,
  Logger,
  Metrics,
];

@Module({})
export class SchedulerModule {
  constructor(scheduler: LeaderDuties, presence: Presence, lifecycle: Lifecycle, health: HealthRegistry) {
    presence.leaderToken = () => scheduler.token();
    health.addReadiness(() => scheduler.notReady());
    health.addDetails('scheduler', () => scheduler.details());
    lifecycle.onBegin(() => scheduler.start());
    lifecycle.onDrain('scheduler', () => scheduler.stop());
  }

  static forRoot(config: Config): DynamicModule {
    const { schedulerTickMs: tickMs, runRetentionDays, region, leaseTtlMs: ttlMs } = config;
    const inMesh = config.regions !== null;
    return {
      module: SchedulerModule,
      imports: [CoreModule.forRoot(config), PresenceModule.forRoot()],
      providers: [
        {
          provide: PARTS,
          inject: [
            RunStore,
            ScheduleStore,
            TaskStore,
            QueueStore,
            QueueReader,
            ReplicationReader,
            ReplicationStore,
            RequestStore,
            Wakeups,
            LOGGER,
            METRICS,
          ],
          useFactory: (
            ...[runs, schedules, tasks, queues, queueReader, replication, copies, requests, wakeups, logger, metrics]: PartsInjected
          ): SchedulerParts => {
            const now = Date.now;
            const stores = { runs, schedules, tasks, queues, queueReader, replication, copies, requests };
            return { ...stores, wakeups, logger, metrics, tickMs, runRetentionDays, region, inMesh, now };
          },
        },
        {
          provide: LeaderDuties,
          inject: [PARTS, LeaseStore, Presence],
          useFactory: (parts: SchedulerParts, leases: LeaseStore, presence: Presence) =>
            createScheduler(parts, { leases, holder: () => presence.workerId, ttlMs }),
        },
      ],
    };
  }
}
