// A wire between an executor and its database that a test can cut, and over which answers can get lost.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Wire {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private state: 'whole' | 'cut' | 'mute' | 'held' = 'whole';
  private readonly heldBack: (() => void)[] = [];
  private heldCall = '';

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async to(databaseUrl: string): Promise<Wire> {
    const server = createServer();
    const wire = new Wire(server, new URL(databaseUrl));
    server.on('connection', (socket) => wire.join(socket));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return wire;
  }

  /** The database behind the wire. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  /** Every connection breaks, and new ones do too. */
  cut(): void {
    this.state = 'cut';
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
  }

  /** What is sent arrives; what is answered does not. */
  mute(): void {
    this.state = 'mute';
  }

  /** What is sent arrives; answers wait, those to `call` or all. */
  hold(call = ''): void {
    this.state = 'held';
    this.heldCall = call;
  }

  /** The answers that waited arrive, and those from now on. */
  release(): void {
    this.state = 'whole';
    for (const pass of this.heldBack.splice(0)) pass();
  }

  /** Connections that have missed something break; new ones work. */
  mend(): void {
    if (this.state === 'mute') this.cut();
    this.state = 'whole';
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private join(client: Socket): void {
    client.on('error', () => undefined);
    if (this.state === 'cut') {
      client.destroy();
      return;
    }
    const database = connect(Number(this.target.port || 5432), this.target.hostname);
    const pair = [client, database] as const;
    this.pairs.add(pair);
    const part = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      database.destroy();
    };
    database.on('error', () => undefined).on('close', part);
    client.on('close', part);
    let asked = '';
    client.on('data', (chunk) => {
      asked = chunk.toString('latin1');
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      if (this.state === 'held' && asked.includes(this.heldCall)) this.heldBack.push(() => client.write(chunk));
      else if (this.state !== 'mute') client.write(chunk);
    });
  }
}
