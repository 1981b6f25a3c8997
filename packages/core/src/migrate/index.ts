export { migrate, type MigrateOptions } from './migrate.js';
export type { PgmqSource } from './pgmq.js';
export { ensureReplication, type ReplicationOptions } from './replication.js';
export { ensureTransactionTimeout, type TransactionTimeoutOptions } from './transaction-timeout.js';
export { ensureServiceLogins, SERVICE_ROLES, type ServiceLoginOptions, type ServiceRole } from './service-logins.js';
export { ensureRegionPeer, type RegionPeerOptions } from './region-peer.js';
