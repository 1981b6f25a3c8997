import { Inject, Module, type DynamicModule } from '@nestjs/common';
import {
  Database,
  EventStore,
  HomeStore,
  LeaseReader,
  LeaseStore,
  OrchestratorReader,
  OrchestratorStore,
  Presence,
  type RegionDuties,
  tellRegionEvents,
  Wakeups,
  WorkerReader,
  WorkerStore,
  type Config,
  type Logger,
  type Metrics,
} from '@singularity-workflow/core';
import { CoreModule, HealthRegistry, Lifecycle, LOGGER, METRICS, PresenceModule } from '@singularity-workflow/core/nest';
import type { Recorder } from './act.js';
import { MESH, type MeshLinks, meshOf } from './mesh.loop.js';
import { createMonitor, type Monitor } from './monitor.js';
import { homesOf, REGIONS, regionsOf } from './regions.js';
import { showStanding } from './standing.loop.js';
import type { Watched } from './observe.js';

const WATCHED = Symbol('Watched');
const RECORDER = Symbol('Recorder');
const MONITOR = Symbol('Monitor');

type MonitorInjected = [Watched, Recorder, WorkerStore, LeaseStore, HomeStore, Wakeups, RegionDuties | null, MeshLinks | null, Database];
type RecorderInjected = [EventStore, OrchestratorStore, Metrics, Logger, Presence];

@Module({})
export class MonitorModule {
  constructor(
    @Inject(MONITOR) { duties, oversight }: Monitor,
    @Inject(REGIONS) regions: RegionDuties | null,
    @Inject(MESH) mesh: MeshLinks | null,
    presence: Presence,
    lifecycle: Lifecycle,
    health: HealthRegistry,
  ) {
    presence.leaderToken = () => duties.token();
    health.addReadiness(() => duties.notReady());
    health.addDetails('failover-monitor', () => ({ ...duties.details(), orchestrators: oversight.verdict() }));
    if (regions !== null) health.addDetails('region', () => ({ leaseLeftMs: regions.belief.leftMs, regions: regions.belief.verdict }));
    if (mesh !== null) health.addDetails('mesh', () => ({ ...mesh.details() }));
    lifecycle.onBegin(() => duties.start());
    lifecycle.onDrain('failover-monitor', async () => {
      await duties.stop();
      await regions?.close();
      await mesh?.close();
    });
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
          provide: REGIONS,
          inject: [Database, METRICS, LOGGER],
          useFactory: (db: Database, metrics: Metrics, logger: Logger) => regionsOf(config, db, { metrics, logger }),
        },
        {
          provide: MESH,
          inject: [Database, METRICS, LOGGER],
          useFactory: (db: Database, metrics: Metrics, logger: Logger) => meshOf(config, db, { metrics, logger }),
        },
        {
          provide: MONITOR,
          inject: [WATCHED, RECORDER, WorkerStore, LeaseStore, HomeStore, Wakeups, REGIONS, MESH, Database],
          useFactory: (...[watched, recorder, workers, leases, homeStore, wakeups, decisions, links, database]: MonitorInjected) => {
            const { metrics, logger } = recorder;
            const homes = decisions === null ? null : homesOf(config, decisions, { homes: homeStore, wakeups, logger });
            const ofMesh = [...(links === null ? [] : [links.duty]), ...showStanding(config, database, metrics)];
            const told = decisions === null ? [] : [tellRegionEvents({ events: watched.leases, logger })];
            const regions = [...(decisions?.duties ?? []), ...ofMesh, ...told];
            const own = { leaseTtlMs, workerRetentionMs, rules, checkIntervalMs, homes, regions };
            return createMonitor({ watched, recorder, workers, leases, ...own });
          },
        },
      ],
    };
  }
}
