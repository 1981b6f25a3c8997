// GET /health (everything, 200 ok or 503 degraded with reasons), /health/live (the event loop turns), /health/ready (this process can do its job now).
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { HealthRegistry } from './health-registry.js';
import { type HealthReport, HealthReporter } from './health.report.js';

@Controller('health')
export class HealthController {
  constructor(
    @Inject(HealthReporter) private readonly reporter: HealthReporter,
    @Inject(HealthRegistry) private readonly registry: HealthRegistry,
  ) {}

  @Get()
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const report = await this.reporter.report();
    reply.status(report.status === 'ok' ? 200 : 503);
    return report;
  }

  /** Asks nothing and nobody: an orchestrator that restarts on its failure must not restart because the database is away. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply): { status: 'ok' | 'not_ready'; reasons: string[] } {
    const reasons = this.registry.reasonsNotReady();
    reply.status(reasons.length === 0 ? 200 : 503);
    return { status: reasons.length === 0 ? 'ok' : 'not_ready', reasons };
  }
}
