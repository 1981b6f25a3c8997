import { migrate } from '@singularity-workflow/core';
import { runApp } from '@singularity-workflow/core/nest';
import { MonitorModule } from './monitor.module.js';

await runApp('failover-monitor', (config) => MonitorModule.forRoot(config), { migrate });
