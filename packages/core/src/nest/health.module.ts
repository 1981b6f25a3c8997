import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { HealthReporter, HealthSources } from './health.report.js';

/** Part of CoreModule. What it reports stands in health.report.ts; Terminus logs nothing by itself, a change of health is logged where it is found. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [HealthReporter, HealthSources],
})
export class HealthModule {}
