// Sends a request on to routers elsewhere, as it came, and brings the answer back as it came: of a secondary to its primary; of any router to the home
// of a run.
//
// One hop: the request carries who forwarded it, and whoever finds that and would forward it again refuses. Several addresses: the one that answered
// last is asked first, the next one when it does not answer or says that it cannot now (502, 503, 504). What was never sent may go anywhere; what may
// have been received is sent again only if twice is once (`repeatable`).
// Limits: `timeoutMs` for all tries together, CONNECT_MS to connect, ROUNDS over the addresses. An answer is held until it is whole, so that one that
// breaks off counts as lost; event streams, and what is larger than WHOLE_BYTES_MAX, are passed on as they come.
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { Agent } from 'undici';

/** Names who forwarded it: `<region>/<worker id>`. */
export const HOP_HEADER = 'x-workflow-forwarded-by';

/** Everything else stays here. */
const HEADERS_ON = [
  'accept', 'authorization', 'content-type', 'idempotency-key', 'last-event-id', 'traceparent', 'tracestate', 'user-agent', 'x-api-key',
] as const; // prettier-ignore
const HEADERS_BACK = [
  'allow', 'cache-control', 'content-type', 'location', 'retry-after', 'www-authenticate', 'x-accel-buffering', 'x-as-of', 'x-replica-lag-ms',
] as const; // prettier-ignore

const CONNECT_MS = 2_000;
const ROUNDS = 2;
const PAUSE_MS = 50;
const WHOLE_BYTES_MAX = 8 * 1024 * 1024;
/** An event stream says something every 15 s. */
const SILENCE_MS = 60_000;
const ELSEWHERE: ReadonlySet<number> = new Set([502, 503, 504]);
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|\w+_CERT(_\w+)?)$/;

export interface Forward {
  readonly method: string;
  /** With its query, as it came. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | undefined;
  readonly repeatable: boolean;
  readonly timeoutMs: number;
  /** Aborts when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}

export interface Forwarded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable;
}

export interface ForwarderOptions {
  /** Base addresses, the preferred one first, without a slash at the end. */
  readonly urls: readonly string[];
  /** What HOP_HEADER says. */
  readonly self: string;
  /** Headers of one try: a signature counts once. */
  readonly sign?: (sent: Pick<Forward, 'method' | 'path' | 'body'>) => Readonly<Record<string, string>>;
}

/** Nobody answered. `sent`: it may have been received, and done, all the same. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';

  constructor(
    readonly reason: string,
    readonly sent: boolean,
  ) {
    super(reason);
  }
}

/** Those of a request that go on with it. */
export function headersOn(headers: IncomingHttpHeaders): Record<string, string> {
  return chosen(headers, HEADERS_ON);
}

export class Forwarder {
  private readonly agent = new Agent({ connect: { timeout: CONNECT_MS }, headersTimeout: 0, bodyTimeout: SILENCE_MS });
  private preferred = 0;

  constructor(private readonly options: ForwarderOptions) {}

  /** Throws Unanswered, or the reason of `gone`. */
  async send(forward: Forward): Promise<Forwarded> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), forward.timeoutMs);
    try {
      return await this.overAddresses(forward, AbortSignal.any([patience.signal, forward.gone]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Which address says that it is ready, and how fast; of none, why. Asks all at once. */
  async probe(timeoutMs: number): Promise<{ address: string; latencyMs: number }> {
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = this.options.urls.map(async (address) => {
      const sentAtMs = performance.now();
      const answer = await this.ask(address, { method: 'GET', path: '/health/ready', headers: {} }, signal).catch((error: unknown) => {
        throw new Error(`${address}: ${reasonOf(error, signal)}`);
      });
      if (answer.status !== 200) throw new Error(`${address} is not ready (${answer.status})`);
      return { address, latencyMs: Math.round(performance.now() - sentAtMs) };
    });
    return Promise.any(asked).catch((error: AggregateError) => {
      throw new Error(error.errors.map(({ message }: Error) => message).join('; '));
    });
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async overAddresses(forward: Forward, ended: AbortSignal): Promise<Forwarded> {
    const { urls } = this.options;
    let sent = false;
    let reason = '';
    let refusal: Forwarded | null = null;
    for (let tries = 0; tries < urls.length * ROUNDS; tries += 1) {
      if (tries === urls.length) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const index = this.preferred;
      try {
        const answer = await this.ask(urls[index]!, forward, ended);
        if (!ELSEWHERE.has(answer.status) || !forward.repeatable) return answer;
        refusal = answer;
      } catch (error) {
        forward.gone.throwIfAborted();
        reason = `${urls[index]}: ${reasonOf(error, ended)}`;
        if (!NEVER_SENT.test(codeOf(error))) sent = true;
      }
      if (this.preferred === index) this.preferred = (index + 1) % urls.length;
      if (ended.aborted || (sent && !forward.repeatable)) break;
    }
    if (refusal !== null) return refusal;
    throw new Unanswered(reason, sent);
  }

  private async ask(
    address: string,
    forward: Pick<Forward, 'method' | 'path' | 'headers' | 'body'>,
    signal: AbortSignal,
  ): Promise<Forwarded> {
    const base = new URL(address);
    const { method, path, headers, body } = forward;
    const signature = this.options.sign?.({ method, path, body }) ?? {};
    const inTime = new AbortController();
    const abort = (): void => inTime.abort(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const {
        statusCode,
        headers: back,
        body: stream,
      } = await this.agent.request({
        origin: base.origin,
        path: base.pathname.replace(/\/$/, '') + path,
        method,
        headers: { ...headers, ...signature, [HOP_HEADER]: this.options.self },
        body: body ?? null,
        signal: inTime.signal,
      });
      const known = chosen(back, HEADERS_BACK);
      if (isStream(back)) return { status: statusCode, headers: known, body: stream };
      return { status: statusCode, headers: known, body: Buffer.from(await stream.arrayBuffer()) };
    } finally {
      signal.removeEventListener('abort', abort); // a stream outlives the time for its beginning
    }
  }
}

function isStream(headers: IncomingHttpHeaders): boolean {
  return (headers['content-type'] ?? '').startsWith('text/event-stream') || Number(headers['content-length'] ?? 0) > WHOLE_BYTES_MAX;
}

function chosen(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return code ?? cause?.code ?? '';
}

function reasonOf(error: unknown, ended: AbortSignal): string {
  if (ended.aborted) return 'no answer in time';
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error); // of several addresses behind one name Node says only the code
}
