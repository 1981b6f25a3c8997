import { Module, type DynamicModule } from '@nestjs/common';
import { Database, Wakeups, type Config, type Logger, type Metrics } from '@singularity-workflow/core';
import { CoreModule, HealthRegistry, Lifecycle, LOGGER, METRICS } from '@singularity-workflow/core/nest';
import type { AnyWorkflow } from '@singularity-workflow/sdk';
import { cwd } from 'node:process';
import { executorMetrics } from './executor-metrics.js';
import { ExecutorProcess } from './executor-process.js';
import { loadWorkflows } from './load-workflows.js';

const WORKFLOWS = Symbol('Workflows');

type Injected = [AnyWorkflow[], Database, Wakeups, Logger, Metrics, Lifecycle];

@Module({})
export class ExecutorModule {
  constructor(executor: ExecutorProcess, lifecycle: Lifecycle, health: HealthRegistry) {
    health.addReadiness(() => executor.notReady());
    health.addDetails('executor', () => executor.details());
    lifecycle.onListening((address) => executor.start(address));
    lifecycle.onDrain('executor', (hastened) => executor.stop(hastened));
  }

  static forRoot(config: Config): DynamicModule {
    return {
      module: ExecutorModule,
      imports: [CoreModule.forRoot(config)],
      providers: [
        { provide: WORKFLOWS, inject: [LOGGER], useFactory: (logger: Logger) => loadWorkflows(config.workflowModules, cwd(), logger) },
        {
          provide: ExecutorProcess,
          inject: [WORKFLOWS, Database, Wakeups, LOGGER, METRICS, Lifecycle],
          useFactory: (...[workflows, database, wakeups, logger, metrics, lifecycle]: Injected) =>
            new ExecutorProcess({
              config,
              options: { workflows, database, wakeups, logger, metrics: executorMetrics(metrics, config.workerId) },
              lifecycle,
              logger,
            }),
        },
      ],
    };
  }
}
