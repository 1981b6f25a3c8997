import { runApp } from '@singularity-workflow/core/nest';
import { RouterModule } from './router.module.js';
import { routerOptions } from './router.options.js';

await runApp('router', (config) => RouterModule.forRoot(config), routerOptions);
