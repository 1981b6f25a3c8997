// What is about one run goes to the run's home: commands when this region turns out not to be it, reads that want to be certain, and reads of runs whose
// copy has not come here yet.
// Limits: a command is forwarded once; whoever does not know a run asks everybody else, for two seconds.
import { Readable } from 'node:stream';
import { isWorkflowError, type RequestStore, type TopologyReader, WorkflowError } from '@singularity-workflow/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Exchange } from '../wire/exchange.js';
import { type Forwarded, headersOn, Unanswered } from '../forward/forwarder.js';
import { wait } from '../wire/fields.js';
import { goneSignal } from '../wire/gone.js';
import { Refusal } from '../wire/refusal.js';
import type { Homes } from './homes.js';
import { type RegionCalls, textOf } from './region-calls.js';
import type { SignedRequests } from './signed-requests.js';

/** The second time is another event. */
const ONCE = /\/(retry|evacuate|restore|resync|failover|move)$/;

/** What another region answered: its bytes, or the stream of them. */
export type Answered = Forwarded['body'];

export interface HomeRelayParts {
  readonly homes: Homes;
  /** Null: this router knows no other region. */
  readonly calls: RegionCalls | null;
  readonly signed: Pick<SignedRequests, 'senderOf'>;
  readonly reader: Pick<TopologyReader, 'tenantOfRun'>;
  readonly requests: Pick<RequestStore, 'read'>;
}

export class HomeRelay {
  constructor(private readonly parts: HomeRelayParts) {}

  /** A router of another region asks: it is answered from here or not at all. */
  isForwarded(request: FastifyRequest): boolean {
    return this.parts.signed.senderOf(request) !== null;
  }

  /** A command on a run: here where that is its home, else there. Answers with what `here` does, or with what the home answered, as bytes. */
  async atHome<T>(runId: string, exchange: Exchange, here: () => Promise<T>): Promise<T | Answered | undefined> {
    const { calls } = this.parts;
    if (calls === null || this.isForwarded(exchange.request)) return here();
    try {
      return await here();
    } catch (error) {
      if (!isWorkflowError(error, 'not_home') && !isWorkflowError(error, 'run_not_found')) throw error;
      const tenant = (await this.parts.reader.tenantOfRun(runId)) ?? (await this.tenantElsewhere(runId, exchange));
      if (tenant === null) throw error;
      const home = await this.parts.homes.of(tenant, { fresh: true });
      if (home.here || home.region === null) throw error;
      return this.pass(home.region, exchange);
    }
  }

  /** Sends the request on as it came, and answers with what comes back. Throws Refusal `home_unavailable`. */
  async pass(region: string, { request, reply }: Exchange): Promise<Answered | undefined> {
    const { calls } = this.parts;
    if (calls === null) throw unavailable(region, true);
    const gone = goneSignal(reply);
    const { method, url: path } = request;
    try {
      const answer = await calls.send(region, {
        method,
        path,
        headers: { ...headersOn(request.headers), 'x-request-id': request.id },
        body: request.body === undefined || method === 'GET' ? undefined : JSON.stringify(request.body),
        repeatable: method !== 'DELETE' && !ONCE.test(request.routeOptions.url ?? ''),
        waitMs: waitMsOf(request),
        gone,
      });
      return answerWith(answer, reply);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      throw unavailable(region, method === 'GET' || !error.sent);
    }
  }

  /** A read of what is not here: as whoever has it answers; null: nobody who answered has it. */
  async readElsewhere({ request, reply }: Exchange): Promise<Answered | null> {
    const { calls } = this.parts;
    if (calls === null || this.isForwarded(request)) return null;
    const found = await calls.find(request.url, goneSignal(reply));
    return found === null ? null : (answerWith(found, reply) ?? null);
  }

  private async tenantElsewhere(runId: string, { reply }: Exchange): Promise<string | null> {
    const request = await this.parts.requests.read(runId);
    if (request?.outcome === 'requested') {
      throw new WorkflowError('run_not_started', `Run ${runId} is requested: its home has not started it yet.`, { field: 'run_id' });
    }
    if (request?.outcome === 'merged') {
      const facts = { merged_into: request.runId };
      throw new WorkflowError('run_not_found', `Request ${runId} was for a run that had been started: ${request.runId}.`, {
        field: 'run_id',
        facts,
      });
    }
    const found = await this.parts.calls!.find(`/api/workflows/${runId}`, goneSignal(reply));
    if (found === null) return null;
    const { tenant_id: tenant } = JSON.parse(await textOf(found)) as { tenant_id?: unknown };
    return typeof tenant === 'string' ? tenant : null;
  }
}

export function isAnswered(answer: object): answer is Answered {
  return Buffer.isBuffer(answer) || answer instanceof Readable;
}

/** Puts status and headers into the reply; what to send: nothing for a 204. */
export function answerWith({ status, headers, body }: Forwarded, reply: FastifyReply): Answered | undefined {
  void reply.code(status).headers(headers);
  return status === 204 ? undefined : body;
}

function unavailable(region: string, nothing: boolean): Refusal {
  const detail = `The home, region ${region}, does not answer; ${nothing ? 'nothing was done.' : 'whether it was done is not known.'}`;
  return new Refusal('home_unavailable', detail, { facts: { region, done: nothing ? false : null } });
}

function waitMsOf({ query }: FastifyRequest): number {
  const parsed = wait.safeParse((query as { wait?: unknown } | undefined)?.wait);
  return parsed.success ? parsed.data : 0;
}
