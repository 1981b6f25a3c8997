// A TCP proxy between two parts of a system, for tests of what networks do: it breaks connections, swallows packets one way or both, and delays them.
//
// Limit: it sees bytes, not packets. A black hole keeps what it swallowed and passes it on after `heal`, as TCP's repetition would; what only a kernel
// does (tcp_user_timeout, keepalives) is not provoked, for the kernels at both ends talk to this process and it answers.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Seen from who connected: requests go to the server, answers to the client. */
export type Direction = 'to-server' | 'to-client';
const BOTH: readonly Direction[] = ['to-server', 'to-client'];
const BUFFER_BYTES_MAX = 1_048_576;

/** One way of one connection: what comes in goes out in order, later by the delay, and not at all while the way is closed. */
class Way {
  private readonly waiting: { bytes: Buffer; dueAtMs: number }[] = [];
  private waitingBytes = 0;
  private timer: NodeJS.Timeout | null = null;
  private ended = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly state: () => { open: boolean; delayMs: number },
  ) {
    from.on('data', (bytes: Buffer) => this.take(bytes));
    from.on('end', () => {
      this.ended = true;
      this.pass();
    });
    to.on('drain', () => this.pass());
  }

  /** Passes on what is due; called again when the way opens. */
  pass(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (!this.state().open) return;
    const now = performance.now();
    while (this.waiting.length > 0 && this.waiting[0]!.dueAtMs <= now && !this.to.writableNeedDrain) {
      const { bytes } = this.waiting.shift()!;
      this.waitingBytes -= bytes.length;
      this.to.write(bytes);
    }
    if (this.waitingBytes < BUFFER_BYTES_MAX) this.from.resume();
    const next = this.waiting[0];
    if (next === undefined) {
      if (this.ended) this.to.end();
    } else if (!this.to.writableNeedDrain) this.timer = setTimeout(() => this.pass(), Math.max(0, next.dueAtMs - now));
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private take(bytes: Buffer): void {
    this.waiting.push({ bytes, dueAtMs: performance.now() + this.state().delayMs });
    this.waitingBytes += bytes.length;
    if (this.waitingBytes >= BUFFER_BYTES_MAX) this.from.pause();
    this.pass();
  }
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  readonly ways: readonly Way[];
}

export class LinkProxy {
  private readonly connections = new Set<Connection>();
  private readonly closed = new Set<Direction>();
  private isCut = false;
  private delayMs = 0;

  private constructor(
    private readonly listener: Server,
    private targetPort: number,
  ) {
    listener.on('connection', (client) => this.join(client));
  }

  /** Listens on a free port of 127.0.0.1 and passes everything on to `targetPort` there. */
  static async start(targetPort: number): Promise<LinkProxy> {
    const listener = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(0, '127.0.0.1', resolve));
    return new LinkProxy(listener, targetPort);
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Connections that stand. */
  get count(): number {
    return this.connections.size;
  }

  /** Breaks every connection, at both ends, and refuses new ones until `heal`. */
  cut(): void {
    this.isCut = true;
    for (const connection of this.connections) this.part(connection);
  }

  /** A black hole, in one direction or in both: connections stand, new ones too, nothing comes through until `heal`. */
  swallow(directions: Direction | readonly Direction[] = BOTH): void {
    for (const direction of [directions].flat()) this.closed.add(direction);
  }

  /** From now on everything arrives so much later, each way. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** No cut, no hole, no delay. What was swallowed arrives now. */
  heal(): void {
    this.isCut = false;
    this.closed.clear();
    this.delayMs = 0;
    for (const { ways } of this.connections) for (const way of ways) way.pass();
  }

  /** New connections go to another port: the server has moved. */
  leadTo(targetPort: number): void {
    this.targetPort = targetPort;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private join(client: Socket): void {
    if (this.isCut) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: this.targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    client.setNoDelay(true);
    const stateOf = (direction: Direction) => () => ({ open: !this.closed.has(direction), delayMs: this.delayMs });
    const connection: Connection = {
      client,
      server,
      ways: [new Way(client, server, stateOf('to-server')), new Way(server, client, stateOf('to-client'))],
    };
    this.connections.add(connection);
    for (const socket of [client, server]) {
      socket.on('error', () => this.part(connection)); // that one end broke is news for the other
      socket.on('close', () => client.destroyed && server.destroyed && this.connections.delete(connection));
    }
  }

  private part(connection: Connection): void {
    for (const way of connection.ways) way.stop();
    for (const socket of [connection.client, connection.server]) if (!socket.destroyed) socket.resetAndDestroy();
    this.connections.delete(connection);
  }
}
