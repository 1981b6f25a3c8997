import type { FastifyReply } from 'fastify';

/** Aborts when the client closes the connection before it was answered. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
