import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { migrate } from '@singularity-workflow/core';
import { type AppOptions, CONFIG, LOGGER } from '@singularity-workflow/core/nest';
import { configureHttp, fastifyOptions } from './http.js';
import { docsPolicy, serveDocs } from './openapi.js';

/** How this app's HTTP server differs from that of the other apps. */
export const routerOptions: AppOptions = {
  migrate,
  fastify: fastifyOptions,
  helmet: { contentSecurityPolicy: docsPolicy },
  configure(app: NestFastifyApplication) {
    configureHttp(app, app.get(CONFIG), app.get(LOGGER));
    serveDocs(app);
  },
};
