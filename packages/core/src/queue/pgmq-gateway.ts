// The one place that knows pgmq-js: makes the probe queue, reads metrics, proves by a real message that queues work. Claims and reports never come
// here; they are SQL functions.
//
// pgmq-js brings a pool of its own whose broken connections nobody hears of: an idle one that breaks would end the process. It gets ours instead,
// through its constructor, which is private in its types only (the version is pinned, a test calls every method used here).
import { Pgmq } from 'pgmq-js';
import { PROBE_QUEUE } from '../domain/index.js';

/** Of a pool, what pgmq-js uses: Database, or a migration's single connection in the transaction that it has open. */
export interface ConnectionSource {
  connect(): Promise<{ query(text: string, values?: unknown[]): Promise<unknown>; release(): void }>;
}

export interface QueueTotals {
  /** pgmq's queue, e.g. `default_p1`. */
  queue: string;
  messages: number;
  oldestSeconds: number | null;
  /** Ever sent, since the queue was made or last rebuilt. */
  sentTotal: number;
}

interface ProbeMessage {
  probe: string;
}

/** How long a probe hides what it reads; what an interrupted probe left is removed by a later one. */
const PROBE_VISIBILITY_SECONDS = 5;
const PROBE_READ_MAX = 20;

export class PgmqGateway {
  private readonly pgmq: Pgmq;

  constructor(connections: ConnectionSource) {
    this.pgmq = Reflect.construct(Pgmq as unknown as new (pool: ConnectionSource) => Pgmq, [connections]);
  }

  /** Makes an unlogged queue where there is none. Only the migration may. */
  async ensureQueue(name: string): Promise<void> {
    const queues = await this.pgmq.queue.list();
    if (!queues.some((queue) => queue.name === name)) await this.pgmq.queue.createUnlogged(name);
  }

  /** One row per pgmq queue. Counts rows. */
  async metrics(): Promise<QueueTotals[]> {
    const rows = await this.pgmq.queue.getAllMetrics();
    return rows.map((row) => ({
      queue: row.queueName,
      messages: row.queueLength,
      oldestSeconds: row.oldestMsgAgeSec ?? null,
      sentTotal: row.totalMessages,
    }));
  }

  /**
   * Sends a message to `health_probe`, reads it, deletes it: how long that took, in ms. Another process's probe may read ours first; then sending and
   * deleting prove enough. Throws what pg throws.
   */
  async probe(): Promise<number> {
    const sentAtMs = performance.now();
    const probe = crypto.randomUUID();
    const id = await this.pgmq.msg.send<ProbeMessage>(PROBE_QUEUE, { probe });
    const read = await this.pgmq.msg.readBatch<ProbeMessage>(PROBE_QUEUE, PROBE_VISIBILITY_SECONDS, PROBE_READ_MAX);
    const leftOver = read.filter((message) => message.msgId !== id && message.readCount > 1).map((message) => message.msgId);
    const deleted = await this.pgmq.msg.deleteBatch(PROBE_QUEUE, [id, ...leftOver]);
    if (!deleted.includes(id)) throw new Error(`message ${id} of ${PROBE_QUEUE} vanished before it was deleted`);
    return Math.round(performance.now() - sentAtMs);
  }
}
