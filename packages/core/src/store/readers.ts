// The readers of one database together: what a read goes to when it may go to more than one.
import { DefinitionReader } from './definition.reader.js';
import type { EntitySource } from './entity-source.js';
import { QueueReader } from './queue.reader.js';
import type { ReplicaReader } from './replica.reader.js';
import { RunReader } from './run.reader.js';
import { ScheduleReader } from './schedule.reader.js';
import { WorkerReader } from './worker.reader.js';

export class Readers {
  readonly runs: RunReader;
  readonly definitions: DefinitionReader;
  readonly schedules: ScheduleReader;
  readonly queues: QueueReader;
  readonly workers: WorkerReader;

  constructor(source: EntitySource) {
    this.runs = new RunReader(source.db);
    this.definitions = new DefinitionReader(source);
    this.schedules = new ScheduleReader(source);
    this.queues = new QueueReader(source.db);
    this.workers = new WorkerReader(source.db);
  }
}

/** Where a process may read. */
export interface ReadSources {
  /** DATABASE_READ_URL; where there is none, the primary. */
  readonly near: Readers;
  /** The database that is written; null in a secondary, which has none. */
  readonly primary: Readers | null;
  /** Asked how old `near` is; null where that is the primary. */
  readonly replica: ReplicaReader | null;
}
