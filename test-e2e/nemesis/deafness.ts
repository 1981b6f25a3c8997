// A stretch of the network between services and PostgreSQL that passes everything on but notifications: what a pooler does that gives each statement another
// session. LISTEN and NOTIFY succeed, and nobody is woken: everything works by polling alone.
//
// Limit: no TLS.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Pooler } from '../harness/region.js';
import { type Message, Messages } from './wire.js';

const NOTIFICATION = 'A';

export class Deafness implements Pooler {
  private readonly sockets = new Set<Socket>();
  /** Notifications that came, and were not passed on. */
  swallowed = 0;

  private constructor(
    private readonly server: Server,
    private readonly database: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.pass(client));
  }

  /** Before the database server of this address. */
  static async before(databaseUrl: string): Promise<Deafness> {
    const { hostname, port } = new URL(databaseUrl);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Deafness(server, { host: hostname, port: Number(port) });
  }

  through(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private pass(client: Socket): void {
    const database = connect(this.database);
    const said = new Messages('server');
    const isHeard = ({ type }: Message): boolean => type !== NOTIFICATION;
    client.on('data', (bytes) => database.write(bytes));
    database.on('data', (bytes) => {
      const messages = said.push(bytes);
      const heard = messages.filter(isHeard);
      this.swallowed += messages.length - heard.length;
      if (heard.length > 0) client.write(Buffer.concat(heard.map((message) => message.bytes)));
    });
    for (const socket of [client, database]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
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
