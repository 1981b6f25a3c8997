export { migrate, type MigrateOptions } from './migrate.js';
export type { PgmqSource } from './pgmq.js';
export { ensureServiceLogins, SERVICE_ROLES, type ServiceLoginOptions, type ServiceRole } from './service-logins.js';
