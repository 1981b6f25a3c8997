import { migrate } from '@singularity-workflow/core';
import { runApp } from '@singularity-workflow/core/nest';
import { SchedulerModule } from './scheduler.module.js';

await runApp('scheduler', (config) => SchedulerModule.forRoot(config), { migrate });
