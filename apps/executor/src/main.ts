import { migrate } from '@singularity-workflow/core';
import { runApp } from '@singularity-workflow/core/nest';
import { ExecutorModule } from './executor.module.js';

await runApp('executor', (config) => ExecutorModule.forRoot(config), { migrate });
