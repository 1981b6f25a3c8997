// A stand-in for a router: answers what the test says and remembers what it was asked.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export type Answer = (asked: Asked, response: ServerResponse) => void | Promise<void>;

export class StandIn {
  readonly asked: Asked[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async listen(answer: Answer, port = 0): Promise<StandIn> {
    const server = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const url = new URL(request.url ?? '/', 'http://stand-in');
        const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
        const asked = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, body };
        standIn.asked.push(asked);
        await answer(asked, response);
      })();
    });
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    const standIn = new StandIn(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return standIn;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts every connection and listens no more. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export function problem(response: ServerResponse, status: number, code: string, more: object = {}): void {
  const body = { type: `urn:x:${code}`, title: code, status, code, detail: `it is ${code}`, request_id: 'r1', ...more };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}

/** Stand-ins of a test, closed after it. */
export function useStandIns(): { standIn: (answer: Answer, port?: number) => Promise<StandIn> } {
  const open: StandIn[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });
  return {
    async standIn(answer, port) {
      const made = await StandIn.listen(answer, port);
      open.push(made);
      return made;
    },
  };
}
