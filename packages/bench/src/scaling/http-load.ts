// Callers that repeat one HTTP request, each on a connection of its own: the next goes out when the answer to the last is complete. As little work
// as can be, since it shares the machine with what it measures. Understands answers with a Content-Length only.
import { connect, type Socket } from 'node:net';
import { msBetween, nowNs } from '../measure/clock.js';

const ANSWER_LIMIT_MS = 20_000;

export interface Load {
  /** Callers are spread over them. */
  readonly ports: readonly number[];
  readonly request: Buffer;
  readonly callers: number;
  /** No call begins later; each caller makes one at least. */
  readonly forMs: number;
}

export interface LoadReport {
  readonly perSecond: number;
  readonly answered: number;
  readonly latenciesMs: readonly number[];
  /** Status -> how many, of those that are no success. */
  readonly refused: Readonly<Record<string, number>>;
}

/** The bytes of a request that keeps its connection. */
export function requestOf(method: 'GET' | 'POST', path: string, body?: unknown): Buffer {
  const json = body === undefined ? '' : JSON.stringify(body);
  const head = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', 'connection: keep-alive'];
  if (body !== undefined) head.push('content-type: application/json', `content-length: ${Buffer.byteLength(json)}`);
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${json}`);
}

export async function load({ ports, request, callers, forMs }: Load): Promise<LoadReport> {
  const fromNs = nowNs();
  const latenciesMs: number[] = [];
  const refused: Record<string, number> = {};
  const note = (status: number, ms: number): boolean => {
    if (status >= 200 && status < 300) latenciesMs.push(ms);
    else refused[status] = (refused[status] ?? 0) + 1;
    return msBetween(fromNs, nowNs()) < forMs;
  };
  await Promise.all(Array.from({ length: callers }, (_, at) => call(ports[at % ports.length]!, request, note)));
  const perSecond = (latenciesMs.length / msBetween(fromNs, nowNs())) * 1_000;
  return { perSecond, answered: latenciesMs.length, latenciesMs, refused };
}

/** Repeats the request until `note` says no. */
function call(port: number, request: Buffer, note: (status: number, ms: number) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, send);
    let sentNs = 0n;
    let waiting: Buffer = Buffer.alloc(0);
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new Error(`a caller of port ${port}: ${reason}`));
    };
    function send(): void {
      sentNs = nowNs();
      socket.write(request);
    }
    function hear(chunk: Buffer): void {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      const status = statusOfComplete(waiting);
      if (status === null) return;
      waiting = Buffer.alloc(0);
      if (note(status, msBetween(sentNs, nowNs()))) return send();
      hangUp(socket);
      resolve();
    }
    socket.setTimeout(ANSWER_LIMIT_MS, () => fail(`no answer within ${ANSWER_LIMIT_MS} ms`));
    socket.on('data', hear);
    socket.once('error', (error) => fail(error.message));
    socket.once('close', () => fail('the connection was closed'));
  });
}

function hangUp(socket: Socket): void {
  socket.removeAllListeners('close');
  socket.destroy();
}

/** Of one answer, once all of it is there; null before. */
export function statusOfComplete(bytes: Buffer): number | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${head.split('\r\n')[0]}`);
  return bytes.length < end + 4 + Number(length) ? null : Number(head.slice(9, 12));
}
