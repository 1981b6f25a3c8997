// From a module and a configuration to a server that listens: Nest on Fastify, helmet, a request id, loopback only.
import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions, RawServerDefault } from 'fastify';
import type { HelmetOptions } from 'helmet';
import { ConfigError, type Config, isSecondary } from '../config/index.js';
import type { Logger } from '../domain/index.js';
import { Wakeups } from '../store/index.js';
import { createLogger, logEvent } from '../telemetry/index.js';
import { Lifecycle } from './lifecycle.js';
import { isLoopback } from './loopback.js';
import { NestLog } from './nest-log.js';
import { type Migrate, SchemaWatch } from './schema-watch.js';
import { securityHeaders } from './security-headers.js';
import { LOGGER } from './tokens.js';
import { ownVersion } from './version.js';

export type AppModule = Type | DynamicModule;

export interface AppOptions {
  /** core's migrate(): the database is brought up to date at start where DATABASE_ADMIN_URL is set. */
  migrate?: Migrate;
  /** Over the defaults. */
  fastify?: Partial<FastifyServerOptions<RawServerDefault>>;
  /** Over helmet's defaults. */
  helmet?: HelmetOptions;
  /** After the app is made and before it is initialised: content-type parsers, hooks, global filters, documentation. */
  configure?: (app: NestFastifyApplication) => void | Promise<void>;
}

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** A client's own `x-request-id` is kept when it looks like one. */
function requestIdOf(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : crypto.randomUUID();
}

/**
 * Everything but listening: what a test of endpoints needs. No body parser of Nest's; Fastify's own stands unless `configure` replaces it.
 *
 * Throws ConfigError when HOST is not loopback: until all that a service serves asks for an API key, nobody else may ask.
 */
export async function createApp(module: AppModule, config: Config, options: AppOptions = {}): Promise<NestFastifyApplication> {
  if (!isLoopback(config.host)) {
    const rule =
      'a loopback address (127.0.0.1, ::1, localhost): not all that a service serves asks for an API key yet, so nobody else may reach it';
    throw new ConfigError(config.app, [{ name: 'HOST', value: config.host, rule, default: '127.0.0.1' }]);
  }
  const adapter = new FastifyAdapter({ logger: false, genReqId: requestIdOf, forceCloseConnections: 'idle', ...options.fastify } as never);
  const logger = new NestLog(createLogger({ app: config.app, level: config.logLevel }));
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { bodyParser: false, logger, abortOnError: false });
  const fastify = app.getHttpAdapter().getInstance();
  const security = securityHeaders(options.helmet);
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(security).header('x-request-id', request.id);
    done();
  });
  await options.configure?.(app);
  await app.init();
  await fastify.ready();
  return app;
}

/** createApp, then listen; work begins when the database has this code's schema. Returns when requests are answered, ready or not. The address is that of `lifecycle.address`. */
export async function startApp(
  module: AppModule,
  config: Config,
  options: AppOptions = {},
): Promise<{ app: NestFastifyApplication; address: string }> {
  const app = await createApp(module, config, options);
  try {
    await app.listen({ port: config.port, host: config.host });
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = addressOf(app, config);
  logEvent(app.get<Logger>(LOGGER), 'service_started', { address, version: ownVersion() });
  const lifecycle = app.get(Lifecycle);
  if (!isSecondary(config)) app.get(Wakeups).start(); // a standby knows no LISTEN, and a secondary wakes nobody
  lifecycle.listening(address);
  app.get(SchemaWatch).start({ migrate: options.migrate, onCurrent: () => lifecycle.begin() });
  return { app, address };
}

function addressOf(app: NestFastifyApplication, config: Config): string {
  const bound = app.getHttpServer().address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : config.port;
  return `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
}
