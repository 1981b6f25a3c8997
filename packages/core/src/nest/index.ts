// The second door of the core, for apps: the only folder that knows Nest.
import 'reflect-metadata';

export { type AppModule, type AppOptions, createApp, startApp } from './app.js';
export { CoreModule } from './core.module.js';
export { type HealthCheck, HealthRegistry, type ReadinessCheck } from './health-registry.js';
export type { HealthReport } from './health.report.js';
export { Lifecycle } from './lifecycle.js';
export { describeProcess, PresenceModule } from './presence.module.js';
export { bootstrap, runApp } from './run-app.js';
export { type Migrate, SchemaWatch } from './schema-watch.js';
export { CONFIG, LOGGER, METRICS, READ_SOURCES } from './tokens.js';
export { ownVersion } from './version.js';
