// A router that reads from a replica (DATABASE_READ_URL): how old it is, watched and said in /health and in the metrics.
import { type DynamicModule, Module } from '@nestjs/common';
import type { Config, Logger, Metrics, ReadSources } from '@singularity-workflow/core';
import { HealthRegistry, Lifecycle, LOGGER, METRICS, READ_SOURCES } from '@singularity-workflow/core/nest';
import { ReplicaWatch } from './replica-watch.js';

@Module({})
export class ReplicaModule {
  constructor(watch: ReplicaWatch, lifecycle: Lifecycle) {
    lifecycle.onListening(() => watch.start());
    lifecycle.onDrain('replica-watch', () => watch.stop());
  }

  /** Provides ReplicaWatch. */
  static forRoot({ replicaLagMsMax }: Config): DynamicModule {
    const watch = {
      provide: ReplicaWatch,
      inject: [READ_SOURCES, LOGGER, METRICS, HealthRegistry],
      useFactory: ({ replica }: ReadSources, logger: Logger, metrics: Metrics, health: HealthRegistry) => {
        const replicaWatch = new ReplicaWatch({ reader: replica!, logger, metrics });
        health.addCheck('replica', async () => ({ ...replicaWatch.details(), problems: replicaWatch.problems(replicaLagMsMax) }));
        return replicaWatch;
      },
    };
    return { module: ReplicaModule, global: true, providers: [watch], exports: [ReplicaWatch] };
  }
}
