// What `npm start` takes from its environment. A bad value is named before anything starts.
import { join, resolve } from 'node:path';
import { root } from '../lib/turbo.mjs';

/** Name, entry and whose database login; the order is the order of their ports. */
export const services = [
  { name: 'router', login: 'router' },
  { name: 'scheduler', login: 'scheduler' },
  { name: 'executor', login: 'executor' },
  { name: 'failover-monitor', login: 'monitor' },
].map((service) => ({ ...service, entry: join(root, 'apps', service.name, 'dist/main.js') }));

export const FIRST_PORT = 4000;
const LAST_FIRST_PORT = 65_535 - services.length + 1;

export class Refused extends Error {}

function number(env, name, { fallback, max }) {
  const value = env[name];
  if (value === undefined || value === '') return fallback;
  if (!/^\d+$/.test(value) || Number(value) > max) throw new Refused(`${name}=${value}: must be a whole number from 0 to ${max}`);
  return Number(value);
}

/**
 * PORT (4000; moves all four services, 0 takes free ports), DATA_DIR (.data), DATABASE_ADMIN_URL or DATABASE_URL (an existing server instead of
 * our own), WORKFLOW_MODULES (the examples), DRAIN_TIMEOUT_MS (30000). Everything else in the environment reaches the services as it is.
 */
export function readSettings(env = process.env) {
  const drainTimeoutMs = number(env, 'DRAIN_TIMEOUT_MS', { fallback: 30_000, max: 3_600_000 });
  return Object.freeze({
    port: number(env, 'PORT', { fallback: FIRST_PORT, max: LAST_FIRST_PORT }),
    dataDir: resolve(env.DATA_DIR || join(root, '.data')),
    adminUrl: env.DATABASE_ADMIN_URL || env.DATABASE_URL || null,
    workflowModules: env.WORKFLOW_MODULES || join(root, 'packages/examples/dist/index.js'),
    stopLimitMs: drainTimeoutMs + 10_000, // a service that drains needs a moment more to report and close
  });
}
