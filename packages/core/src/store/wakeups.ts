// Wake-ups between the processes of a region over LISTEN/NOTIFY: work has come, look now instead of at the next poll.
//
// A NOTIFY takes a global lock at commit, so it is never sent inside a transaction of the engine: this class sends it on a connection of its own, at
// most one per queue per 10 ms: the first after a quiet time at once, what comes within 10 ms of it together. A submission after a quiet time asks for the
// turn instead and sends its wake-up itself (submit_runs). A wake-up may be lost (the connection is away, a pooler swallows LISTEN): polling is the
// safety net, so nothing here ever fails, it only stops being fast. Who listens by the same object is woken without the database. Payload: the
// logical queue.
import { Client, type ClientConfig } from 'pg';
import { jittered, type Logger, nextDelayMs, silentLogger, WAKE_CHANNEL } from '../domain/index.js';
import { connectionOptions } from './database.js';

export interface WakeupsOptions {
  url: string;
  applicationName?: string;
  logger?: Logger;
}

const COALESCE_MS = 10;
/**
 * A NOTIFY is delivered when its transaction has committed, and that writes WAL: without the setting every wake-up would wait for the disk. Set for the
 * one transaction, so that it is the same behind a pooler.
 */
const NOTIFY = `select set_config('synchronous_commit', 'off', true), pg_notify($1, queue) from unnest($2::text[]) as queue`;
const RECONNECT = { baseMs: 250, maxMs: 15_000 };

export class Wakeups {
  private readonly options: WakeupsOptions;
  private readonly logger: Logger;
  private readonly pending = new Set<string>();
  private readonly listeners = new Map<string, Set<(queue: string) => void>>();
  private client: Client | null = null;
  private heard = false;
  /** Queries of ours under way on the connection. */
  private talking = 0;
  private connecting: Promise<void> | null = null;
  private flushTimer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();
  private sentAtMs = Number.NEGATIVE_INFINITY;
  private reconnectTimer: NodeJS.Timeout | null = null;
  private failures = 0;
  private closed = false;

  constructor(options: WakeupsOptions) {
    this.options = options;
    this.logger = options.logger ?? silentLogger;
  }

  /** Says that these logical queues got work. Returns at once; null and empty lists are nothing. */
  notify(queues: readonly string[] | null | undefined): void {
    if (queues === null || queues === undefined || queues.length === 0 || this.closed) return;
    for (const queue of queues) this.pending.add(queue);
    this.told(queues);
    if (this.flushTimer !== null) return;
    const waitMs = this.sentAtMs + COALESCE_MS - performance.now();
    if (waitMs <= 0) void this.flush();
    else this.flushTimer = setTimeout(() => void this.flush(), waitMs);
  }

  /**
   * True where nobody has been woken for 10 ms: the turn is the caller's, whose own statement sends the wake-up, and who says `told` afterwards.
   * False: there is much to do, wake-ups go together; the caller says `notify` afterwards.
   */
  takeTurn(): boolean {
    if (this.closed || this.flushTimer !== null || performance.now() < this.sentAtMs + COALESCE_MS) return false;
    this.sentAtMs = performance.now();
    return true;
  }

  /** The database has been told already: wakes who listens by this object. */
  told(queues: readonly string[]): void {
    for (const queue of queues) this.wake(queue);
  }

  /** Connects ahead of the first wake-up, which would have to wait for it otherwise. */
  start(): void {
    void this.connect();
  }

  /** Calls `onWake` for every wake-up of one of `queues`; also once after each connect, since one may have been missed. Returns the way to stop it. */
  listen(queues: readonly string[], onWake: (queue: string) => void): () => void {
    for (const queue of queues) {
      if (!this.listeners.has(queue)) this.listeners.set(queue, new Set());
      this.listeners.get(queue)!.add(onWake);
    }
    void this.listenNow();
    return () => {
      for (const queue of queues) this.listeners.get(queue)?.delete(onWake);
    };
  }

  /** True while wake-ups arrive, as far as can be known (a pooler may swallow them without a word). */
  get connected(): boolean {
    return this.client !== null;
  }

  /**
   * True once a wake-up came over the connection that stands now while nothing of ours was under way on it: no pooler swallows them. (A pooler passes
   * on what comes while it lends a session out.) Who listens sends itself one over another connection, so it is known soon.
   */
  get arriving(): boolean {
    return this.client !== null && this.heard;
  }

  /** Sends what is pending and closes the connection. */
  async close(): Promise<void> {
    if (this.closed) return;
    if (this.pending.size > 0) await this.flush();
    this.closed = true;
    if (this.flushTimer !== null) clearTimeout(this.flushTimer);
    if (this.reconnectTimer !== null) clearTimeout(this.reconnectTimer);
    await this.connecting;
    const client = this.client;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  /** One at a time: a connection takes one query. */
  private flush(): Promise<void> {
    this.flushTimer = null;
    this.flushing = this.flushing.then(() => this.send());
    return this.flushing;
  }

  private async send(): Promise<void> {
    if (this.pending.size === 0) return;
    this.sentAtMs = performance.now();
    const queues = [...this.pending];
    this.pending.clear();
    await this.connect();
    if (this.client === null) return;
    await this.say(this.client, NOTIFY, [WAKE_CHANNEL, queues]).catch((error: Error) => this.lose(error));
  }

  private async listenNow(): Promise<void> {
    await this.connect();
    if (this.client !== null) await this.hear(this.client).catch((error: Error) => this.lose(error));
  }

  private async hear(client: Client): Promise<void> {
    await this.say(client, `listen ${WAKE_CHANNEL}`);
    if (!this.heard) void this.tryOut();
  }

  /** Sends a wake-up for nobody over a connection of its own. Where that fails it is not known whether they arrive, as before. */
  private async tryOut(): Promise<void> {
    const other = new Client(this.single());
    other.on('error', () => undefined);
    await other
      .connect()
      .then(() => other.query(NOTIFY, [WAKE_CHANNEL, ['']]))
      .catch(() => undefined);
    await other.end().catch(() => undefined);
  }

  private async say(client: Client, text: string, values: unknown[] = []): Promise<void> {
    this.talking += 1;
    try {
      await client.query(text, values);
    } finally {
      this.talking -= 1;
    }
  }

  private single(): ClientConfig {
    const { max: _, ...single } = connectionOptions({
      ...this.options,
      applicationName: `${this.options.applicationName ?? 'singularity-workflow'} wakeups`,
    });
    return single;
  }

  private connect(): Promise<void> {
    if (this.client !== null || this.closed || this.reconnectTimer !== null) return Promise.resolve();
    this.connecting ??= this.open().finally(() => {
      this.connecting = null;
    });
    return this.connecting;
  }

  private async open(): Promise<void> {
    const client = new Client(this.single());
    client.on('error', (error) => this.lose(error));
    client.on('end', () => this.client === client && this.lose(new Error('the connection ended')));
    client.on('notification', ({ payload, processId }) => {
      if (this.talking === 0) this.heard = true;
      if (processId !== backendOf(client)) this.wake(payload ?? ''); // an own one has woken its listeners already
    });
    try {
      await client.connect();
      if (this.listeners.size > 0) await this.hear(client);
    } catch (error) {
      void client.end().catch(() => undefined);
      this.lose(error as Error);
      return;
    }
    this.client = client;
    this.failures = 0;
    for (const queue of this.listeners.keys()) this.wake(queue);
  }

  private wake(queue: string): void {
    for (const onWake of this.listeners.get(queue) ?? []) onWake(queue);
  }

  /** Forgets the connection and, where somebody listens, comes back later; a process that only notifies connects at its next wake-up. */
  private lose(error: Error): void {
    const client = this.client;
    this.client = null;
    this.heard = false;
    void client?.end().catch(() => undefined);
    if (this.closed || this.reconnectTimer !== null) return;
    this.failures += 1;
    if (this.failures === 1) this.logger.debug({ reason: error.message }, 'no wake-ups for now, polling only');
    const delayMs = jittered(nextDelayMs(this.failures, RECONNECT), Math.random());
    this.reconnectTimer = setTimeout(() => {
      this.reconnectTimer = null;
      if (this.listeners.size > 0) void this.connect();
    }, delayMs);
  }
}

/** The server process behind a connection; pg's types do not know it. */
function backendOf(client: Client): number | null | undefined {
  return (client as unknown as { processID?: number | null }).processID;
}
