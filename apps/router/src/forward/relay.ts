// A request of this router, answered by another one: keys, bounds and refusals around the forwarder.
// Events: primary_lost, primary_back.
import type { Readable } from 'node:stream';
import { logEvent, type Logger, type Metrics } from '@singularity-workflow/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { wait } from '../wire/fields.js';
import { goneSignal } from '../wire/gone.js';
import { Refusal } from '../wire/refusal.js';
import { type Forward, type Forwarded, type Forwarder, headersOn, HOP_HEADER, Unanswered } from './forwarder.js';
import { startsRuns, withKeys } from './keys.js';

export interface RelayParts {
  readonly forwarder: Pick<Forwarder, 'send'>;
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'forwards'>;
  /** Aborts when this process begins to stop: long polls and streams end then. */
  readonly draining: AbortSignal;
}

/** The second time is another event: these are not sent again when their answer was lost. */
const ONCE = /\/(retry|promote|stop|fence)$/;

export class Relay {
  private readonly bodies = new WeakMap<FastifyRequest, Buffer>();
  private lostAtMs: number | null = null;

  constructor(private readonly parts: RelayParts) {
    for (const outcome of ['answered', 'unavailable']) parts.metrics.forwards.inc({ outcome }, 0);
  }

  /** A body as it came, of a request that may have to be forwarded. */
  keep(request: FastifyRequest, body: Buffer): void {
    this.bodies.set(request, body);
  }

  /** Answers `reply`. Throws Refusal: `forward_loop`, `draining`, or `primary_unavailable`, which says whether it may have been done all the same. */
  async pass(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const forwardedBy = request.headers[HOP_HEADER];
    if (forwardedBy !== undefined) throw loop(String(forwardedBy));
    const client = goneSignal(reply);
    const { forward, key } = this.forwardOf(request, client);
    if (key !== null) reply.header('idempotency-key', key);
    let answer: Forwarded;
    try {
      answer = await this.parts.forwarder.send(forward);
    } catch (error) {
      if (!client.aborted) throw this.refusalOf(error, forward, key);
      reply.hijack(); // nobody is there to be answered
      return;
    }
    this.answered();
    if (!Buffer.isBuffer(answer.body)) this.endWithProcess(answer.body);
    void reply.code(answer.status).headers(answer.headers).send(bodyOf(answer));
  }

  private forwardOf(request: FastifyRequest, client: AbortSignal): { forward: Forward; key: string | null } {
    const { method, routeOptions, url: path } = request;
    const route = routeOptions.url ?? '';
    const given = { headers: headersOn(request.headers), json: request.body, body: this.bodies.get(request) };
    const { headers, body, key } = startsRuns(method, route) ? withKeys({ route, ...given }) : { ...given, key: null };
    const waitMs = waitMsOf(request);
    const forward = {
      method,
      path,
      headers: { ...headers, 'x-request-id': request.id },
      body,
      repeatable: startsRuns(method, route) || (method !== 'DELETE' && !ONCE.test(route)),
      timeoutMs: this.parts.timeoutMs + waitMs,
      gone: waitMs > 0 ? AbortSignal.any([client, this.parts.draining]) : client,
    };
    return { forward, key };
  }

  private refusalOf(error: unknown, { method, gone }: Forward, key: string | null): unknown {
    const facts = key === null ? {} : { idempotency_key: key };
    if (gone.aborted) return new Refusal('draining', 'This process is stopping.', { facts });
    if (!(error instanceof Unanswered)) return error;
    const { sent, reason } = error;
    this.parts.metrics.forwards.inc({ outcome: 'unavailable' });
    if (this.lostAtMs === null) logEvent(this.parts.logger, 'primary_lost', { reason });
    this.lostAtMs ??= performance.now();
    const nothing = method === 'GET' || !sent;
    const detail = `The primary does not answer; ${nothing ? 'nothing was done.' : 'whether it was done is not known.'}`;
    return new Refusal('primary_unavailable', detail, { facts: { done: nothing ? false : null, ...facts } });
  }

  private answered(): void {
    this.parts.metrics.forwards.inc({ outcome: 'answered' });
    if (this.lostAtMs === null) return;
    logEvent(this.parts.logger, 'primary_back', { afterMs: Math.round(performance.now() - this.lostAtMs) });
    this.lostAtMs = null;
  }

  private endWithProcess(stream: Readable): void {
    const end = (): void => void stream.destroy();
    this.parts.draining.addEventListener('abort', end, { once: true });
    stream.once('close', () => this.parts.draining.removeEventListener('abort', end));
  }
}

function loop(forwardedBy: string): Refusal {
  const detail = `${forwardedBy.slice(0, 100)} forwarded this request here, and it would be forwarded again: one of the two is told a wrong address.`;
  return new Refusal('forward_loop', detail);
}

function waitMsOf({ query }: FastifyRequest): number {
  const parsed = wait.safeParse((query as { wait?: unknown } | undefined)?.wait);
  return parsed.success ? parsed.data : 0;
}

/** Nothing, not even empty bytes, where there is no body: 204. */
function bodyOf({ status, body }: Forwarded): Forwarded['body'] | undefined {
  return status === 204 ? undefined : body;
}
