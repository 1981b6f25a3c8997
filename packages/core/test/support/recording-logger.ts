import type { Logger } from '../../src/domain/index.js';

export interface RecordedLine {
  level: string;
  sentence: string;
  event?: string;
  [field: string]: unknown;
}

/** A logger that keeps what it was told. */
export class RecordingLogger implements Logger {
  readonly lines: RecordedLine[] = [];

  debug = (fields: object, sentence: string): void => this.keep('debug', fields, sentence);
  info = (fields: object, sentence: string): void => this.keep('info', fields, sentence);
  warn = (fields: object, sentence: string): void => this.keep('warn', fields, sentence);
  error = (fields: object, sentence: string): void => this.keep('error', fields, sentence);

  events(name: string): RecordedLine[] {
    return this.lines.filter(({ event }) => event === name);
  }

  private keep(level: string, fields: object, sentence: string): void {
    this.lines.push({ ...fields, level, sentence });
  }
}
