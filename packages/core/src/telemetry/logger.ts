// The logger of a process: pino, one JSON object a line on stdout. Who logs what stands in events.ts.
import { hostname } from 'node:os';
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

export interface LoggerOptions {
  /** Name of the process in every line. */
  app: string;
  /** pino's level, `silent` included. Default `info`. */
  level?: string;
  /** Default stdout. */
  destination?: DestinationStream;
}

/** Times are RFC 3339 in `time`; `app`, `host` and `pid` are in every line; what looks like a password is cut out. */
export function createLogger({ app, level = 'info', destination }: LoggerOptions): PinoLogger {
  const options = {
    level,
    base: { app, host: hostname(), pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['password', '*.password', 'headers.authorization', 'req.headers.authorization'], censor: '***' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
