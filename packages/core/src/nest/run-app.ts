// A service as a process: configuration, signals, exit codes. All of main.ts is `await runApp('router', (config) => RouterModule.forRoot(config))`.
//
// Exit codes: 0 stopped in order, or --print-config; 1 wrong configuration, a taken port, an error that nobody caught, a drain that did not end.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type AppName, type Config, ConfigError, loadConfig, printConfig } from '../config/index.js';
import { isWorkflowError, type Logger } from '../domain/index.js';
import { logEvent } from '../telemetry/index.js';
import { type AppModule, type AppOptions, startApp } from './app.js';
import { Lifecycle } from './lifecycle.js';
import { LOGGER } from './tokens.js';

/** After the drain's own time: closing HTTP, telling the database. */
const CLOSE_MS = 5_000;

/** Reads the configuration, prints it and ends when asked to (`--print-config`), otherwise starts the app and answers signals until it has stopped. */
export async function runApp(name: AppName, make: (config: Config) => AppModule, options: AppOptions = {}): Promise<void> {
  try {
    const config = loadConfig(name);
    if (process.argv.includes('--print-config')) {
      process.stdout.write(`${printConfig(config)}\n`);
      return;
    }
    await bootstrap(make(config), config, options);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** startApp with signals: SIGTERM and SIGINT drain and exit 0, a second one hastens. */
export async function bootstrap(module: AppModule, config: Config, options: AppOptions = {}): Promise<NestFastifyApplication> {
  const { app } = await startApp(module, config, options);
  const logger = app.get<Logger>(LOGGER);
  const end = stopper(app, config, logger);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal));
  // A promise that nobody waits for is somebody's bug, and no reason to drop what runs; an exception outside any promise leaves nothing to trust.
  process.on('unhandledRejection', (reason) =>
    logger.error({ reason: String(reason) }, `a promise failed that nobody waits for: ${String(reason)}`),
  );
  process.on('uncaughtException', (error) => {
    logEvent(logger, 'service_crashed', { reason: error.stack ?? error.message });
    process.exitCode = 1;
    end('SIGTERM');
  });
  return app;
}

function stopper(app: NestFastifyApplication, config: Config, logger: Logger): (signal: string) => void {
  const lifecycle = app.get(Lifecycle);
  let stopping = false;
  return (signal) => {
    if (stopping) {
      if (!lifecycle.hastened.aborted) logEvent(logger, 'service_hastened', { signal });
      lifecycle.hasten();
      return;
    }
    stopping = true;
    logEvent(logger, 'service_draining', { signal, timeoutMs: config.drainTimeoutMs });
    void stop(app, config, logger);
  };
}

async function stop(app: NestFastifyApplication, config: Config, logger: Logger): Promise<void> {
  const startedAtMs = performance.now();
  const server = app.getHttpServer();
  const timers = [
    setTimeout(() => server.closeAllConnections(), config.drainTimeoutMs),
    setTimeout(() => {
      logger.error({}, 'it did not stop in time: what still runs is taken over by others');
      process.exit(1);
    }, config.drainTimeoutMs + CLOSE_MS),
  ];
  await app.close();
  for (const timer of timers) clearTimeout(timer);
  logEvent(logger, 'service_stopped', { drainedMs: Math.round(performance.now() - startedAtMs) });
  process.exit(process.exitCode ?? 0);
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError || isWorkflowError(error)) return error.message;
  const { code, address, port, stack, message } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `port ${port} on ${address} is taken: stop what listens there, or give another PORT (0 takes a free one)`;
  return stack ?? message;
}
