// Requests over several addresses: the one that answered last is asked first, the next one when it does not answer or says that it cannot
// now (502, 503, 504). The same request goes to each, so that whatever it does must be the same when it comes twice: starts carry a key.
//
// Limits: `tries` per request, with jittered growing pauses between rounds over all addresses; `timeoutMs` per try.
import { problemOf, WorkflowApiError } from './errors.js';

export interface TransportOptions {
  readonly urls: readonly string[];
  readonly apiKey?: string | undefined;
  readonly timeoutMs: number;
  readonly tries: number;
  readonly fetch: typeof fetch;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/`, or where `below` says; its parts escaped. */
  readonly path: string;
  readonly below?: 'api' | 'admin';
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Besides the usual time for an answer: a long poll's wait. */
  readonly waitMs?: number;
}

export type QueryValue = string | number | boolean | readonly string[] | undefined;

const FAILOVER_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);
const PAUSE_MIN_MS = 100;
const PAUSE_MAX_MS = 3_000;

export class Transport {
  /** Index of the address that is asked first. */
  private preferred = 0;

  constructor(private readonly options: TransportOptions) {}

  /** The answer's JSON; undefined for 204. Throws WorkflowApiError, or the signal's reason. */
  async call<Answer>(request: ApiRequest): Promise<Answer> {
    return this.overAddresses(request, async (response, tries) => {
      if (!response.ok) throw new WorkflowApiError(await problemOf(response), { tries });
      if (response.status === 204) return undefined as Answer;
      const text = await response.text();
      try {
        return JSON.parse(text) as Answer;
      } catch (cause) {
        const detail = `answered ${response.status} with something that is no JSON: ${text.slice(0, 200)}`;
        throw new WorkflowApiError({ status: response.status, code: 'bad_answer', detail }, { cause, tries });
      }
    });
  }

  /** The open answer, for a stream: it has no time limit once it began. */
  async open(request: ApiRequest): Promise<Response> {
    return this.overAddresses(request, async (response, tries) => {
      if (!response.ok) throw new WorkflowApiError(await problemOf(response), { tries });
      return response;
    });
  }

  private async overAddresses<T>(request: ApiRequest, read: (response: Response, tries: number) => Promise<T>): Promise<T> {
    const { urls, tries } = this.options;
    for (let made = 1; ; made += 1) {
      const index = this.preferred;
      const failure = await this.tryOne(request, urls[index]!, (response) => read(response, made)).then(
        (answer) => ({ answer }),
        (error: unknown) => ({ error }),
      );
      if ('answer' in failure) return failure.answer;
      const { error } = failure;
      request.signal?.throwIfAborted();
      if (!isFailover(error)) throw error;
      // Another request may have found a better address meanwhile.
      if (this.preferred === index) this.preferred = (index + 1) % urls.length;
      if (made >= tries) throw lastErrorOf(error, urls, made);
      if (made % urls.length === 0) await pause(pauseMsAfter(made / urls.length), request.signal);
    }
  }

  private async tryOne<T>(request: ApiRequest, url: string, read: (response: Response) => Promise<T>): Promise<T> {
    const { method, body, signal, waitMs = 0 } = request;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(new DOMException('no answer in time', 'TimeoutError')), this.options.timeoutMs + waitMs);
    const ended = signal === undefined ? patience.signal : AbortSignal.any([signal, patience.signal]);
    try {
      const response = await this.options.fetch(addressOf(url, request), {
        method,
        headers: this.headersOf(request),
        signal: ended,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return await read(response);
    } finally {
      clearTimeout(timer);
    }
  }

  private headersOf({ body, headers }: ApiRequest): Record<string, string> {
    const { apiKey } = this.options;
    return {
      accept: 'application/json, application/problem+json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...headers,
    };
  }
}

function addressOf(url: string, { path, below = 'api', query = {} }: ApiRequest): URL {
  const address = new URL(`${below}/${path}`, url.endsWith('/') ? url : `${url}/`);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) address.searchParams.append(name, String(one));
  }
  return address;
}

/** No answer at all, or one that says: not here, not now. */
function isFailover(error: unknown): boolean {
  return !(error instanceof WorkflowApiError) || FAILOVER_STATUSES.has(error.status);
}

function lastErrorOf(error: unknown, urls: readonly string[], tries: number): WorkflowApiError {
  if (error instanceof WorkflowApiError) return error;
  const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
  const reason = cause?.message || cause?.code || message; // undici says "fetch failed" and hides why
  const detail = `none of ${urls.join(', ')} answered ${tries} tries: ${reason}`;
  return new WorkflowApiError({ status: 0, code: 'unreachable', detail }, { cause: error, tries });
}

/** Doubles with every failure; between half of it and all of it, so that clients do not come back together. */
export function pauseMsAfter(failures: number): number {
  const whole = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** Math.min(failures - 1, 30));
  return whole * (0.5 + Math.random() / 2);
}

/** Rejects with the signal's reason when it aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
