// The only door of the core, free of Nest; apps take the rim from `@singularity-workflow/core/nest` besides.
export * from './config/index.js';
export * from './cron/index.js';
export * from './domain/index.js';
export * from './leadership/index.js';
export * from './loop/index.js';
export * from './migrate/index.js';
export * from './queue/index.js';
export * from './regions/index.js';
export * from './store/index.js';
export * from './telemetry/index.js';
