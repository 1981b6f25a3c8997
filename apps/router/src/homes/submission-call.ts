// What submissions need of the request that brought them.
import type { FastifyRequest } from 'fastify';
import { headersOn } from '../forward/forwarder.js';

export interface SubmissionCall {
  readonly request: FastifyRequest;
  /** A router of another region sent it: it is taken here or not at all. */
  readonly isForwarded: boolean;
  /** The size of the body. */
  readonly bytes: number;
  readonly waitMs?: number | undefined;
  /** Aborts when nobody waits for the answer any more. */
  readonly gone: () => AbortSignal;
}

/** Of a request whose body is made anew; its key is in there. */
export function jsonHeaders(request: FastifyRequest): Record<string, string> {
  const { 'idempotency-key': _, ...headers } = headersOn(request.headers);
  return { ...headers, 'content-type': 'application/json', 'x-request-id': request.id };
}
