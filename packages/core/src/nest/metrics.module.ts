// GET /metrics, Prometheus' text. The registry is the process's own (telemetry/metrics.ts), not the global one of prom-client.
import { Controller, type DynamicModule, Get, Inject, Module, Res } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { Database } from '../store/index.js';
import type { Metrics } from '../telemetry/index.js';
import { METRICS } from './tokens.js';

@Controller()
export class MetricsController {
  constructor(
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(Database) private readonly db: Database,
  ) {}

  @Get()
  async index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { registry, poolConnections } = this.metrics;
    const { total, idle, waiting } = this.db.connections;
    poolConnections.set({ state: 'busy' }, total - idle);
    poolConnections.set({ state: 'idle' }, idle);
    poolConnections.set({ state: 'waiting' }, waiting);
    reply.header('content-type', registry.contentType);
    return registry.metrics();
  }
}

@Module({})
export class MetricsModule {
  /** Part of CoreModule. */
  static forRoot(): DynamicModule {
    const prometheus = PrometheusModule.register({ path: '/metrics', controller: MetricsController, defaultMetrics: { enabled: false } });
    return { module: MetricsModule, imports: [prometheus] };
  }
}
