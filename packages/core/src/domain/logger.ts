// The little that the lower layers want of a logger; pino's loggers fit. A type only: telemetry/ makes the real one.

export interface Logger {
  debug(fields: object, sentence: string): void;
  info(fields: object, sentence: string): void;
  warn(fields: object, sentence: string): void;
  error(fields: object, sentence: string): void;
}

/** Says nothing; for tests and for whoever gave no logger. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
