// Everything of the core for Nest's injector, by class: an app injects RunStore and gets one. Made once per process, closed after the HTTP server.
import {
  type DynamicModule,
  Module,
  type OnApplicationShutdown,
  type BeforeApplicationShutdown,
  type Provider,
  Inject,
} from '@nestjs/common';
import type { Config } from '../config/index.js';
import type { Logger } from '../domain/index.js';
import { PgmqGateway } from '../queue/index.js';
import {
  Database, DefinitionReader, DefinitionStore, EntitySource, EventStore, LeaseReader, LeaseStore, OrchestratorReader, OrchestratorStore, QueueReader,
  QueueStore, RunReader, RunStore, ScheduleReader, ScheduleStore, TaskStore, Wakeups, WorkerReader, WorkerStore,
} from '../store/index.js'; // prettier-ignore
import { createLogger, createMetrics } from '../telemetry/index.js';
import { HealthModule } from './health.module.js';
import { HealthRegistry } from './health-registry.js';
import { Lifecycle } from './lifecycle.js';
import { MetricsModule } from './metrics.module.js';
import { SchemaWatch } from './schema-watch.js';
import { CONFIG, LOGGER, METRICS } from './tokens.js';

/** The reads of the router may go to a replica; everybody else's go where the writes go. */
const READ_DATABASE = Symbol('READ_DATABASE');

function databaseOf(config: Config, url: string, logger: Logger): Database {
  return new Database({
    url,
    poolSize: config.databasePoolSize,
    acquireTimeoutMs: config.databaseAcquireTimeoutMs,
    queryTimeoutMs: config.databaseQueryTimeoutMs,
    prepare: config.databasePrepare === 'on',
    applicationName: `singularity-workflow ${config.app}`,
    logger,
  });
}

/** A class made from others: `[RunStore, Database]` is `new RunStore(database)`. */
type Made = readonly [type: new (...args: never[]) => unknown, ...needs: (symbol | (abstract new (...args: never[]) => unknown))[]];

const MADE: readonly Made[] = [
  [RunStore, Database],
  [TaskStore, Database],
  [DefinitionStore, Database],
  [WorkerStore, Database],
  [LeaseStore, Database],
  [OrchestratorStore, Database],
  [QueueStore, Database],
  [EventStore, Database],
  [ScheduleStore, Database],
  [EntitySource, READ_DATABASE],
  [RunReader, READ_DATABASE],
  [WorkerReader, READ_DATABASE],
  [QueueReader, READ_DATABASE],
  [OrchestratorReader, Database],
  [DefinitionReader, EntitySource],
  [LeaseReader, EntitySource],
  [ScheduleReader, EntitySource],
  [PgmqGateway, Database],
  [Lifecycle, LOGGER],
  [SchemaWatch, CONFIG, Database, LOGGER],
];

function providersOf(config: Config): Provider[] {
  return [
    { provide: CONFIG, useValue: config },
    { provide: LOGGER, useFactory: () => createLogger({ app: config.app, level: config.logLevel }) },
    { provide: METRICS, useFactory: () => createMetrics({ app: config.app }) },
    { provide: Database, inject: [LOGGER], useFactory: (logger: Logger) => databaseOf(config, config.databaseUrl, logger) },
    {
      provide: READ_DATABASE,
      inject: [Database, LOGGER],
      useFactory: (db: Database, logger: Logger) =>
        config.databaseReadUrl === null ? db : databaseOf(config, config.databaseReadUrl, logger),
    },
    {
      provide: Wakeups,
      inject: [LOGGER],
      useFactory: (logger: Logger) =>
        new Wakeups({ url: config.databaseUrl, applicationName: `singularity-workflow ${config.app}`, logger }),
    },
    { provide: HealthRegistry, useClass: HealthRegistry },
    ...MADE.map(([type, ...needs]): Provider => ({
      provide: type,
      inject: needs as never,
      useFactory: (...made: never[]) => new type(...made),
    })),
  ];
}

const EXPORTED = [CONFIG, LOGGER, METRICS, Database, Wakeups, HealthRegistry, READ_DATABASE, ...MADE.map(([type]) => type)];

@Module({})
export class CoreModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly db: Database,
    @Inject(READ_DATABASE) private readonly readDb: Database,
    private readonly wakeups: Wakeups,
    private readonly schema: SchemaWatch,
    health: HealthRegistry,
  ) {
    health.addReadiness(() => (lifecycle.draining.aborted ? 'it is stopping' : null));
    health.addReadiness(() => schema.reasonNotReady());
  }

  /** Global: imported once, at the top; with /health and /metrics. */
  static forRoot(config: Config): DynamicModule {
    return {
      module: CoreModule,
      global: true,
      imports: [HealthModule, MetricsModule.forRoot()],
      providers: providersOf(config),
      exports: EXPORTED,
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.lifecycle.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.schema.stop();
    await this.wakeups.close();
    await this.db.close();
    await this.readDb.close();
  }
}
