import type { EventName, EventPayloads, Logger } from '@singularity-workflow/core';

/** Something that the executor also logs: the closed list is core's. */
export type ExecutorEvent = { readonly [Name in EventName]: { readonly event: Name } & EventPayloads[Name] }[EventName];

export type ExecutorListener = (event: ExecutorEvent) => void;

type Level = keyof Logger;

/** Passes lines on to a logger, and those that are events to listeners too. */
export class EventTap implements Logger {
  private readonly listeners = new Set<ExecutorListener>();

  constructor(private readonly logger: Logger) {}

  /** Answers how to stop it. */
  add(listener: ExecutorListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  debug = (fields: object, sentence: string): void => this.pass('debug', fields, sentence);
  info = (fields: object, sentence: string): void => this.pass('info', fields, sentence);
  warn = (fields: object, sentence: string): void => this.pass('warn', fields, sentence);
  error = (fields: object, sentence: string): void => this.pass('error', fields, sentence);

  private pass(level: Level, fields: object, sentence: string): void {
    this.logger[level](fields, sentence);
    if (!('event' in fields)) return;
    for (const listener of this.listeners) {
      try {
        listener(fields as ExecutorEvent);
      } catch (error) {
        this.logger.error({ reason: String(error) }, 'a listener to events threw');
      }
    }
  }
}
