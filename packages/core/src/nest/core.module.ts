// Everything of the core for Nest's injector, by class: an app injects RunStore and gets one. Made once per process, closed after the HTTP server.
import {
  type DynamicModule,
  Module,
  type OnApplicationShutdown,
  type BeforeApplicationShutdown,
  type Provider,
  Inject,
} from '@nestjs/common';
import { type Config, isSecondary } from '../config/index.js';
import type { Logger } from '../domain/index.js';
import { PgmqGateway } from '../queue/index.js';
import {
  Database, DefinitionReader, DefinitionStore, EntitySource, EventStore, HomeStore, KeyStore, LeaseReader, LeaseStore, MeshReader, OrchestratorReader, OrchestratorStore, QueueReader, QuorumStore,
  QueueStore, Readers, type ReadSources, RegionStore, ReplicaDatabase, ReplicaReader, ReplicationReader, ReplicationStore, RequestStore, RunReader, RunStore, ScheduleReader, ScheduleStore, TaskStore,
  TopologyReader, Wakeups, WorkerReader, WorkerStore,
} from '../store/index.js'; // prettier-ignore
import { createLogger, createMetrics } from '../telemetry/index.js';
import { HealthModule } from './health.module.js';
import { HealthRegistry } from './health-registry.js';
import { Lifecycle } from './lifecycle.js';
import { MetricsModule } from './metrics.module.js';
import { SchemaWatch } from './schema-watch.js';
import { CONFIG, LOGGER, METRICS, READ_SOURCES } from './tokens.js';

/** Reads that may go to a replica, by READ_SOURCES; all others go where the writes go. */
const READ_DATABASE = Symbol('READ_DATABASE');

function databaseOf(config: Config, url: string, logger: Logger, Type: typeof Database = Database): Database {
  return new Type({
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
  [ReplicationStore, Database],
  [RequestStore, Database],
  [QuorumStore, Database],
  [TaskStore, Database],
  [DefinitionStore, Database],
  [WorkerStore, Database],
  [LeaseStore, Database],
  [OrchestratorStore, Database],
  [QueueStore, Database],
  [EventStore, Database],
  [HomeStore, Database],
  [KeyStore, Database],
  [MeshReader, Database],
  [RegionStore, Database],
  [TopologyReader, Database],
  [ScheduleStore, Database],
  [EntitySource, Database],
  [RunReader, Database],
  [WorkerReader, Database],
  [QueueReader, Database],
  [OrchestratorReader, Database],
  [ReplicationReader, Database],
  [DefinitionReader, EntitySource],
  [LeaseReader, EntitySource],
  [ScheduleReader, EntitySource],
  [PgmqGateway, Database],
  [Lifecycle, LOGGER],
  [SchemaWatch, CONFIG, Database, LOGGER],
];

/** A secondary has its replica only, and can write nothing. */
function ownDatabase(config: Config, logger: Logger): Database {
  if (isSecondary(config)) return databaseOf(config, config.databaseReadUrl!, logger, ReplicaDatabase);
  return databaseOf(config, config.databaseUrl!, logger);
}

function readDatabase(config: Config, db: Database, logger: Logger): Database {
  return config.databaseReadUrl === null || isSecondary(config) ? db : databaseOf(config, config.databaseReadUrl, logger);
}

function readSources(config: Config, own: EntitySource, readDb: Database): ReadSources {
  if (config.databaseReadUrl === null) {
    const readers = new Readers(own);
    return { near: readers, primary: readers, replica: null };
  }
  const primary = isSecondary(config) ? null : new Readers(own);
  return { near: new Readers(new EntitySource(readDb)), primary, replica: new ReplicaReader(readDb) };
}

function providersOf(config: Config): Provider[] {
  return [
    { provide: CONFIG, useValue: config },
    { provide: LOGGER, useFactory: () => createLogger({ app: config.app, level: config.logLevel }) },
    { provide: METRICS, useFactory: () => createMetrics({ app: config.app }) },
    { provide: Database, inject: [LOGGER], useFactory: (logger: Logger) => ownDatabase(config, logger) },
    { provide: READ_DATABASE, inject: [Database, LOGGER], useFactory: (db: Database, logger: Logger) => readDatabase(config, db, logger) },
    {
      provide: READ_SOURCES,
      inject: [EntitySource, READ_DATABASE],
      useFactory: (own: EntitySource, readDb: Database) => readSources(config, own, readDb),
    },
    {
      provide: Wakeups,
      inject: [LOGGER],
      useFactory: (logger: Logger) =>
        new Wakeups({
          url: (config.databaseUrl ?? config.databaseReadUrl)!,
          applicationName: `singularity-workflow ${config.app}`,
          logger,
        }),
    },
    { provide: HealthRegistry, useClass: HealthRegistry },
    ...MADE.map(([type, ...needs]): Provider => ({
      provide: type,
      inject: needs as never,
      useFactory: (...made: never[]) => new type(...made),
    })),
  ];
}

const EXPORTED = [CONFIG, LOGGER, METRICS, Database, Wakeups, HealthRegistry, READ_DATABASE, READ_SOURCES, ...MADE.map(([type]) => type)];

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
