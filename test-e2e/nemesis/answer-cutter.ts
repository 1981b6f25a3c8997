// A stretch of the network between a service and PostgreSQL. It passes everything on, but loses the answer to a call that it was told to look for: it
// waits until the server has said that it is ready for the next one, which it says after the COMMIT, passes nothing of it on, and cuts the connection.
//
// Limit: one call at a time on a connection (node-pg does so), no TLS.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../harness/moment.js';
import { type Message, Messages, twoStrings } from './wire.js';

export interface Answer {
  /** See moment.ts. */
  readonly at: number;
  /** Its rows, as text. */
  readonly rows: string;
}

const CALLED = /\bworkflow\.([a-z_]+)\(/;
const ANSWERS_MAX = 200;
const LIMIT_MS = 60_000;

export class AnswerCutter {
  private readonly sockets = new Set<Socket>();
  private readonly wanted = new Map<string, (lost: Answer) => void>();
  private readonly answers = new Map<string, Answer[]>();

  private constructor(
    private readonly server: Server,
    private readonly database: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.pass(client));
  }

  /** `functions`: whose answers it looks at. */
  static async start(databaseUrl: string, functions: readonly string[]): Promise<AnswerCutter> {
    const { hostname, port } = new URL(databaseUrl);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cutter = new AnswerCutter(server, { host: hostname, port: Number(port) });
    for (const name of functions) cutter.answers.set(name, []);
    return cutter;
  }

  /** The same address, by way of this. */
  through(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  /** Loses the answer to the next call of this function that brings rows, once. Answers what was lost. */
  loseAnswerTo(name: string): Promise<Answer> {
    let lost: Answer | null = null;
    this.wanted.set(name, (answer) => (lost = answer));
    return waitFor(() => lost, { until: `an answer to ${name} is lost`, timeoutMs: LIMIT_MS });
  }

  /** The answers to this function that were passed on, the latest last. */
  answersTo(name: string): readonly Answer[] {
    return this.answers.get(name) ?? [];
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private pass(client: Socket): void {
    const database = connect(this.database);
    const call = new Call((name) => this.answers.has(name));
    const asked = new Messages('client');
    const answered = new Messages('server');
    const cut = (): void => {
      client.destroy();
      database.destroy();
    };
    client.on('data', (bytes) => {
      for (const message of asked.push(bytes)) call.asked(message);
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      for (const message of answered.push(bytes)) {
        const answer = call.answered(message);
        if (answer === null) continue;
        if (answer.name !== null && this.isLost(answer.name, answer)) return cut();
        for (const held of answer.messages) client.write(held.bytes);
      }
    });
    for (const socket of [client, database]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', cut).on('close', () => {
        this.sockets.delete(socket);
        cut();
      });
    }
  }

  private isLost(name: string, { messages }: Passed): boolean {
    const rows = messages.filter(({ type }) => type === 'D').map(({ bytes, bodyAt }) => bytes.toString('utf8', bodyAt));
    const answer: Answer = { at: moment(), rows: rows.join('\n') };
    const take = this.wanted.get(name);
    const failed = messages.some(({ type }) => type === 'E');
    if (take !== undefined && rows.length > 0 && !failed) {
      this.wanted.delete(name);
      take(answer);
      return true;
    }
    const kept = this.answers.get(name)!;
    kept.push(answer);
    if (kept.length > ANSWERS_MAX) kept.shift();
    return false;
  }
}

interface Passed {
  /** Of the function that this is the whole answer to; null: of none that is looked at. */
  readonly name: string | null;
  readonly messages: readonly Message[];
}

/** What a connection is asked now. The answer to a function that is looked at is held back until it is whole. */
class Call {
  private readonly statements = new Map<string, string>();
  private name: string | null = null;
  private held: Message[] = [];

  constructor(private readonly isLookedAt: (name: string) => boolean) {}

  asked(message: Message): void {
    if (message.type === 'P') {
      const [statement, text] = twoStrings(message);
      this.statements.set(statement, CALLED.exec(text)?.[1] ?? '');
    } else if (message.type === 'B') {
      const name = this.statements.get(twoStrings(message)[1]) ?? '';
      this.name = this.isLookedAt(name) ? name : null;
    }
  }

  /** What may be passed on now; null: nothing yet. */
  answered(message: Message): Passed | null {
    if (this.name === null) return { name: null, messages: [message] };
    this.held.push(message);
    if (message.type !== 'Z') return null;
    const passed = { name: this.name, messages: this.held };
    this.name = null;
    this.held = [];
    return passed;
  }
}
