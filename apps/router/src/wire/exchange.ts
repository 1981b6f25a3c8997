// A request with its reply, for what may be answered by another region: status, headers and body are then that one's.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export const InExchange = createParamDecorator((_: unknown, context: ExecutionContext): Exchange => {
  const http = context.switchToHttp();
  return { request: http.getRequest<FastifyRequest>(), reply: http.getResponse<FastifyReply>() };
});
