// The REST API as methods. Requests and answers are what goes over the wire; see types.ts.
import type { AnyWorkflow } from '../workflow/workflow.js';
import { WorkflowApiError } from './errors.js';
import { KeyCalls } from './key-calls.js';
import { OrchestratorCalls } from './orchestrator-calls.js';
import { RegionCalls, TenantCalls } from './region-calls.js';
import { runEvents, type EventsOptions } from './run-events.js';
import { ScheduleCalls } from './schedule-calls.js';
import { pause, pauseMsAfter, Transport, type QueryValue } from './transport.js';
import type * as wire from './types.js';

export interface ClientOptions {
  /** Addresses of routers, the preferred one first: `http://127.0.0.1:4000`. */
  readonly urls: readonly string[];
  readonly apiKey?: string;
  /** How long one address may take to answer. Default 10000. */
  readonly timeoutMs?: number;
  /** How often a request is sent before the call fails with `unreachable` or the last 502, 503 or 504. Default: twice to each address, at least 4. */
  readonly tries?: number;
  /** Instead of the global one. */
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ReadOptions extends CallOptions {
  /** `strong`: read where it is written, whatever replica the router reads from. Default: `eventual`; `as_of` says how old the answer is. */
  readonly consistency?: 'eventual' | 'strong' | undefined;
}

export interface WaitOptions extends CallOptions {
  /** Then `wait_timeout` is thrown. Default: as long as it takes. */
  readonly timeoutMs?: number;
}

const FINAL: ReadonlySet<wire.RunStatus> = new Set<wire.RunStatus>(['completed', 'failed', 'cancelled']);
/** One long poll; the router takes up to 60 s. */
const LONG_POLL_MS = 25_000;
const PASSING_STATUSES: ReadonlySet<number> = new Set([0, 429, 502, 503, 504]);

export class Client {
  readonly definitions: DefinitionCalls;
  readonly keys: KeyCalls;
  readonly orchestrators: OrchestratorCalls;
  readonly regions: RegionCalls;
  readonly schedules: ScheduleCalls;
  readonly tenants: TenantCalls;
  readonly workers: WorkerCalls;
  private readonly transport: Transport;

  constructor({ urls, apiKey, timeoutMs = 10_000, tries, fetch: given = globalThis.fetch }: ClientOptions) {
    if (urls.length === 0) throw new TypeError('createClient needs the address of at least one router');
    for (const url of urls) if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new TypeError(`"${url}" is not an http(s) address`);
    this.transport = new Transport({ urls, apiKey, timeoutMs, tries: tries ?? Math.max(4, 2 * urls.length), fetch: given });
    this.definitions = new DefinitionCalls(this.transport);
    this.keys = new KeyCalls(this.transport);
    this.orchestrators = new OrchestratorCalls(this.transport);
    this.regions = new RegionCalls(this.transport);
    this.schedules = new ScheduleCalls(this.transport);
    this.tenants = new TenantCalls(this.transport);
    this.workers = new WorkerCalls(this.transport);
  }

  /** Starts a run, by slug or by the workflow itself. Without a key the request gets one, so that it is one run however often it is sent. */
  start<W extends AnyWorkflow>(request: wire.TypedStartRequest<W>, options?: CallOptions): Promise<wire.Started>;
  start(request: wire.StartRequest, options?: CallOptions): Promise<wire.Started>;
  start(request: wire.StartRequest | wire.TypedStartRequest<AnyWorkflow>, { signal }: CallOptions = {}): Promise<wire.Started> {
    return this.transport.call({ method: 'POST', path: 'workflows', body: keyed(request), signal });
  }

  /** Up to 1,000 starts; a result for each, in their order. One that is refused does not hold up the others. */
  async startBatch(requests: readonly wire.StartRequest[], { signal }: CallOptions = {}): Promise<wire.StartedResult[]> {
    const body = { workflows: requests.map(keyed) };
    const { results } = await this.transport.call<{ results: wire.StartedResult[] }>({
      method: 'POST',
      path: 'workflows/batch',
      body,
      signal,
    });
    return results;
  }

  get<W = unknown>(runId: string, { signal, consistency }: ReadOptions = {}): Promise<wire.Run<W>> {
    return this.transport.call({ method: 'GET', path: pathOf(runId), query: { consistency }, signal });
  }

  /** Newest first; a page may be shorter than its limit and have a next one. */
  list({ labels, ...filter }: wire.ListRuns = {}, { signal, consistency }: ReadOptions = {}): Promise<wire.RunPage> {
    const label = labels && Object.entries(labels).map(([name, value]) => `${name}:${value}`);
    const query = { ...(filter as Record<string, QueryValue>), label, consistency };
    return this.transport.call({ method: 'GET', path: 'workflows', query, signal });
  }

  /** All steps, and a page of their tasks (at most 1,000). */
  steps(runId: string, { limit, cursor }: wire.PageQuery = {}, { signal, consistency }: ReadOptions = {}): Promise<wire.Steps> {
    return this.transport.call({ method: 'GET', path: `${pathOf(runId)}/steps`, query: { limit, cursor, consistency }, signal });
  }

  /** The run once it has ended, however it did. Goes on over restarts of routers until `timeoutMs` is over. */
  async waitFor<W = unknown>(runId: string, { timeoutMs = Infinity, signal }: WaitOptions = {}): Promise<wire.Run<W>> {
    const untilMs = performance.now() + timeoutMs;
    for (let failures = 0; ;) {
      const leftMs = untilMs - performance.now();
      const waitMs = Math.max(0, Math.min(LONG_POLL_MS, Math.floor(leftMs)));
      try {
        const query = { wait: `${waitMs}ms` };
        const run = await this.transport.call<wire.Run<W>>({ method: 'GET', path: pathOf(runId), query, signal, waitMs });
        if (FINAL.has(run.status)) return run;
        if (leftMs <= 0) throw timedOut(runId, run.status);
        failures = 0;
      } catch (error) {
        if (!(error instanceof WorkflowApiError) || !PASSING_STATUSES.has(error.status) || error.code === 'wait_timeout' || leftMs <= 0)
          throw error;
        failures += 1;
        await pause(Math.min(pauseMsAfter(failures), leftMs), signal);
      }
    }
  }

  /** What happens to the run, from its start (or `after` an event) to its end. */
  events(runId: string, options: EventsOptions = {}): AsyncIterable<wire.RunEvent> {
    return runEvents(this.transport, runId, options);
  }

  cancel(runId: string, { reason, signal }: CallOptions & { readonly reason?: string } = {}): Promise<wire.Moved> {
    return this.command(runId, 'cancel', { body: { reason }, signal });
  }

  /** Stops new claims of the run; what runs goes on to its end. */
  pause(runId: string, { signal }: CallOptions = {}): Promise<wire.Moved> {
    return this.command(runId, 'pause', { body: {}, signal });
  }

  resume(runId: string, { signal }: CallOptions = {}): Promise<wire.Moved> {
    return this.command(runId, 'resume', { body: {}, signal });
  }

  /** `from`: `failed` (default), `start`, or the slug of a step. */
  retry(runId: string, { from, signal }: CallOptions & { readonly from?: string } = {}): Promise<wire.Moved> {
    return this.command(runId, 'retry', { body: { from }, signal });
  }

  /** Erases a finished run. */
  async delete(runId: string, { signal }: CallOptions = {}): Promise<void> {
    try {
      await this.transport.call<undefined>({ method: 'DELETE', path: pathOf(runId), signal });
    } catch (error) {
      // An earlier try, whose answer was lost, has deleted it.
      if (!(error instanceof WorkflowApiError) || error.code !== 'run_not_found' || error.tries === 1) throw error;
    }
  }

  /** Cancels the open runs that the filter fits, some thousands a call: go on with `next_cursor`. `dry_run` counts. */
  cancelAll(request: wire.CancelRuns, { signal }: CallOptions = {}): Promise<wire.BulkAnswer> {
    return this.transport.call({ method: 'POST', path: 'workflows/cancel', body: request, signal });
  }

  /** Retries the failed runs that the filter fits; like `cancelAll`. */
  retryAll(request: wire.RetryRuns, { signal }: CallOptions = {}): Promise<wire.BulkAnswer> {
    return this.transport.call({ method: 'POST', path: 'workflows/retry', body: request, signal });
  }

  queues({ signal }: CallOptions = {}): Promise<wire.Queues> {
    return this.transport.call({ method: 'GET', path: 'queues', signal });
  }

  private command(runId: string, name: string, { body, signal }: CallOptions & { body: object }): Promise<wire.Moved> {
    return this.transport.call({ method: 'POST', path: `${pathOf(runId)}/${name}`, body, signal });
  }
}

export class DefinitionCalls {
  constructor(private readonly transport: Transport) {}

  /** Stores a workflow, or a definition made elsewhere. The same content twice is one version. */
  register(what: AnyWorkflow | wire.DefinitionDocument, { signal }: CallOptions = {}): Promise<wire.RegisteredDefinition> {
    return this.transport.call({ method: 'POST', path: 'definitions', body: 'definition' in what ? what.definition : what, signal });
  }

  list({ limit, cursor }: wire.PageQuery = {}, { signal }: CallOptions = {}): Promise<wire.DefinitionPage> {
    return this.transport.call({ method: 'GET', path: 'definitions', query: { limit, cursor }, signal });
  }

  /** The active version, or the one that is named. */
  get(slug: string, { version, signal }: CallOptions & { readonly version?: number } = {}): Promise<wire.Definition> {
    const path = version === undefined ? definitionPath(slug) : `${definitionPath(slug)}/${version}`;
    return this.transport.call({ method: 'GET', path, signal });
  }

  /** Newest first. */
  versions(slug: string, { limit, cursor }: wire.PageQuery = {}, { signal }: CallOptions = {}): Promise<wire.VersionPage> {
    return this.transport.call({ method: 'GET', path: `${definitionPath(slug)}/versions`, query: { limit, cursor }, signal });
  }

  /** A start by slug takes this version from now on. */
  activate(slug: string, version: number, { signal }: CallOptions = {}): Promise<wire.ActivatedDefinition> {
    return this.transport.call({ method: 'POST', path: `${definitionPath(slug)}/${version}/activate`, body: {}, signal });
  }
}

export class WorkerCalls {
  constructor(private readonly transport: Transport) {}

  list(
    { app, state, limit, cursor }: wire.PageQuery & { readonly app?: wire.WorkerApp; readonly state?: wire.WorkerState } = {},
    { signal }: CallOptions = {},
  ): Promise<wire.WorkerPage> {
    return this.transport.call({ method: 'GET', path: 'workers', query: { app, state, limit, cursor }, signal });
  }

  get(workerId: string, { signal }: CallOptions = {}): Promise<wire.Worker> {
    return this.transport.call({ method: 'GET', path: `workers/${encodeURIComponent(workerId)}`, signal });
  }

  /** Tells a worker to take no more work; what it runs goes on to its end. */
  drain(workerId: string, { signal }: CallOptions = {}): Promise<wire.Drained> {
    return this.transport.call({ method: 'POST', path: `workers/${encodeURIComponent(workerId)}/drain`, body: {}, signal });
  }
}

function keyed(request: wire.StartRequest | wire.TypedStartRequest<AnyWorkflow>): object {
  const { workflow, idempotency_key = crypto.randomUUID() } = request;
  return { ...request, idempotency_key, workflow: typeof workflow === 'string' ? workflow : workflow.slug };
}

function pathOf(runId: string): string {
  return `workflows/${encodeURIComponent(runId)}`;
}

function definitionPath(slug: string): string {
  return `definitions/${encodeURIComponent(slug)}`;
}

function timedOut(runId: string, status: string): WorkflowApiError {
  return new WorkflowApiError({ status: 0, code: 'wait_timeout', detail: `run ${runId} has not ended in time: it is ${status}` });
}
