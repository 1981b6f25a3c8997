// Prints the OpenAPI document; needs neither a database nor a port.
import { loadConfig } from '@singularity-workflow/core';
import { createApp } from '@singularity-workflow/core/nest';
import { openApiDocument } from './openapi.js';
import { RouterModule } from './router.module.js';
import { routerOptions } from './router.options.js';

const config = loadConfig('router', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', LOG_LEVEL: 'silent' });
const app = await createApp(RouterModule.forRoot(config), config, routerOptions);
process.stdout.write(`${JSON.stringify(openApiDocument(app), null, 2)}\n`);
await app.close();
