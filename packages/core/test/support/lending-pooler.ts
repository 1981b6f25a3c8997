// Passes PostgreSQL's protocol on as a pooler in transaction mode does: what the server says of its own accord reaches the client only while the client has
// a query under way. (One session for each client here: that is not what such a pooler is about in these tests.)
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const NOTIFICATION = 'A';
const READY = 'Z';
const LENGTH_BYTES = 4;

export class LendingPooler {
  private readonly sockets = new Set<Socket>();
  /** Notifications that came while no query was under way, and those within one. */
  swallowed = 0;
  passed = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async before(databaseUrl: string): Promise<LendingPooler> {
    const server = createServer();
    const pooler = new LendingPooler(server, new URL(databaseUrl));
    server.on('connection', (client) => pooler.join(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return pooler;
  }

  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private join(client: Socket): void {
    const database = connect({ host: this.target.hostname, port: Number(this.target.port) });
    let isLent = true; // the startup
    let rest = Buffer.alloc(0);
    client.on('data', (bytes) => {
      isLent = true;
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let end = endOfFirst(rest); end !== null; end = endOfFirst(rest)) {
        const message = rest.subarray(0, end);
        rest = rest.subarray(end);
        const type = String.fromCharCode(message[0]!);
        if (type === NOTIFICATION && isLent) this.passed += 1;
        if (type === NOTIFICATION && !isLent) this.swallowed += 1;
        if (type !== NOTIFICATION || isLent) client.write(message);
        if (type === READY) isLent = false;
      }
    });
    for (const socket of [client, database]) {
      this.sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          this.sockets.delete(socket);
          client.destroy();
          database.destroy();
        });
    }
  }
}

/** Where the first message of the server's stream ends; null while it is not whole. */
function endOfFirst(stream: Buffer): number | null {
  if (stream.length < 1 + LENGTH_BYTES) return null;
  const end = 1 + stream.readInt32BE(1);
  return stream.length < end ? null : end;
}
