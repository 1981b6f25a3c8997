import { Module, type DynamicModule } from '@nestjs/common';
import { Database, OrchestratorStore, Wakeups, type Config, type Logger, type Metrics } from '@singularity-workflow/core';
import { CoreModule, HealthRegistry, Lifecycle, LOGGER, METRICS } from '@singularity-workflow/core/nest';
import type { AnyWorkflow } from '@singularity-workflow/sdk';
import { cwd } from 'node:process';
import { executorMetrics } from './executor-metrics.js';
import { ExecutorProcess } from './executor-process.js';
import { Leadership } from './leadership.js';
import { loadWorkflows } from './load-workflows.js';

const WORKFLOWS = Symbol('Workflows');
const LEADERSHIP = Symbol('Leadership');
const CONNECTIONS = Symbol('Connections');

interface Connections {
  readonly database: Database;
  readonly wakeups: Wakeups;
}

type Injected = [AnyWorkflow[], Connections, Leadership | null, Logger, Metrics, Lifecycle];

@Module({})
export class ExecutorModule {
  constructor(executor: ExecutorProcess, lifecycle: Lifecycle, health: HealthRegistry) {
    health.addReadiness(() => executor.notReady());
    health.addDetails('executor', () => executor.details());
    health.addDetails('leadership', () => executor.leadership());
    lifecycle.onBegin((address) => executor.start(address));
    lifecycle.onDrain('executor', (hastened) => executor.stop(hastened));
  }

  static forRoot(config: Config): DynamicModule {
    return {
      module: ExecutorModule,
      imports: [CoreModule.forRoot(config)],
      providers: [
        { provide: WORKFLOWS, inject: [LOGGER], useFactory: (logger: Logger) => loadWorkflows(config.workflowModules, cwd(), logger) },
        {
          provide: CONNECTIONS,
          inject: [Database, Wakeups],
          useFactory: (database: Database, wakeups: Wakeups): Connections => ({ database, wakeups }),
        },
        {
          provide: LEADERSHIP,
          inject: [OrchestratorStore, METRICS, LOGGER],
          useFactory: (orchestrators: OrchestratorStore, metrics: Metrics, logger: Logger) =>
            Leadership.of({ config, orchestrators, metrics, logger }),
        },
        {
          provide: ExecutorProcess,
          inject: [WORKFLOWS, CONNECTIONS, LEADERSHIP, LOGGER, METRICS, Lifecycle],
          useFactory: (...[workflows, connections, leadership, logger, metrics, lifecycle]: Injected) =>
            new ExecutorProcess({
              config,
              options: { workflows, ...connections, logger, metrics: executorMetrics(metrics, config.workerId) },
              leadership,
              lifecycle,
              logger,
            }),
        },
      ],
    };
  }
}
