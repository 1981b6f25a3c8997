// What this server does to HTTP before Nest sees it: how bodies are read and bounded, which methods a path takes, errors as problem documents.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config, isSecondary, type Logger } from '@singularity-workflow/core';
import type { FastifyError, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { closeWhatFallsIdle } from './closing.js';
import { Relay } from './forward/relay.js';
import { SignedRequests } from './homes/signed-requests.js';
import { Doorkeeper } from './keys/doorkeeper.js';
import { problemOf, ProblemFilter, STATUS_OF_CODE } from './problem.filter.js';
import { ReplicaWatch } from './replica/replica-watch.js';
import { belongsToPrimary } from './replica/secondary.js';
import { Turnstile } from './turnstile.js';
import { Refusal } from './wire/refusal.js';
import { parseStrictJson } from './wire/strict-json.js';
import { ZodPipe } from './wire/zod.pipe.js';

const BATCH_PATH = '/api/workflows/batch';
/** Batches that are read or stored at a time: each may take its 16 MiB several times over. */
const BATCHES_MAX = 8;
const BATCHES_WAITING_MAX = 200;
/** A request must have arrived whole by then. */
const REQUEST_TIMEOUT_MS = 60_000;

export const fastifyOptions: FastifyServerOptions = {
  exposeHeadRoutes: false,
  requestTimeout: REQUEST_TIMEOUT_MS,
  routerOptions: { maxParamLength: 200 },
  frameworkErrors: answerUnroutable,
};

/** Called between the creation of the application and its initialisation: Nest must find the parsers in place. */
export function configureHttp(app: NestFastifyApplication, config: Config, logger: Logger): void {
  const fastify = app.getHttpAdapter().getInstance();
  const relay = isSecondary(config) ? app.get(Relay) : null;
  const signed = app.get(SignedRequests);
  const routes: { method: string; path: RegExp }[] = [];
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = route.url === BATCH_PATH ? config.batchBodyBytesMax : config.bodyBytesMax;
    if (route.url === BATCH_PATH) route.onRequest = new Turnstile(BATCHES_MAX, BATCHES_WAITING_MAX).enter;
    for (const method of [route.method].flat()) routes.push({ method, path: patternOf(route.url) });
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      refuseOtherEncodings(request);
      relay?.keep(request, body as Buffer);
      signed.keep(request, body as Buffer);
      done(null, body.length === 0 ? undefined : parseStrictJson(body as Buffer, config.jsonDepthMax));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    try {
      signed.check(request);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  const allowedMethods = (path: string) => [...new Set(routes.filter((route) => route.path.test(path)).map((route) => route.method))];
  app.useGlobalFilters(new ProblemFilter(logger, allowedMethods, relay));
  app.useGlobalPipes(new ZodPipe());
  app.useGlobalGuards(app.get(Doorkeeper));
  closeWhatFallsIdle(app);
  if (relay !== null) forwardWhatBelongsToPrimary(app, relay);
}

/** Before any controller: what has to be written, and what a replica cannot answer, never gets to one. */
function forwardWhatBelongsToPrimary(app: NestFastifyApplication, relay: Relay): void {
  const watch = app.get(ReplicaWatch);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preHandler', async (request, reply) => {
      if (!belongsToPrimary(request, watch)) return undefined;
      await relay.pass(request, reply);
      return reply;
    });
}

function patternOf(url: string): RegExp {
  return new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
}

function refuseOtherEncodings(request: FastifyRequest): void {
  const charset = /charset="?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    throw new Refusal('unsupported_media_type', `The body must be UTF-8, not ${charset}.`, { field: 'content-type' });
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Refusal('unsupported_media_type', `The body must not be encoded (${encoding}).`, { field: 'content-encoding' });
  }
}

/** URLs that the router cannot read never reach the filter. */
function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const code = error.statusCode === 414 ? 'uri_too_long' : 'bad_request';
  const status = STATUS_OF_CODE[code];
  void reply
    .code(status)
    .type('application/problem+json')
    .send(problemOf({ code, detail: 'The URL cannot be read.', field: 'url' }, status, request.id));
}
