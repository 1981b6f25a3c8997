// Nest's own messages, below what an operator reads: its start-up lines are `debug`; its warnings and errors keep their level.
import type { LoggerService } from '@nestjs/common';
import type { Logger } from '../domain/index.js';

export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const reason = message instanceof Error ? message.stack : String(message);
    this.logger.error({ context: rest.at(-1), stack: rest.length > 1 ? rest[0] : undefined }, reason ?? 'an error without a message');
  }

  debug(message: unknown, context?: unknown): void {
    this.log(message, context);
  }

  verbose(message: unknown, context?: unknown): void {
    this.log(message, context);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}
