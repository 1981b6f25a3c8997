// Submit anywhere (R12): a submission goes to the tenant's home. Where that does not answer, or cannot take it now, a `local` one is taken here as a request
// that travels to the home, or to its successor, with the id that the run will have.
//
// Every submission that goes elsewhere has a key, made here where the client gave none: what was sent, and perhaps stored, and then became a request is one run.
// Limit: each home is tried once; where one lost the tenant meanwhile, the next.
import {
  type Config, isWorkflowError, type RequestedRow, type RequestStore, type TopologyReader, WorkflowError, type WorkflowErrorCode,
} from '@singularity-workflow/core'; // prettier-ignore
import { randomUUID } from 'node:crypto';
import { type Forwarded, Unanswered } from '../forward/forwarder.js';
import { type BatchResult, requestOf, type StartedOnWire, type Starts } from '../runs/starts.js';
import { keyIdOf } from '../keys/doorkeeper.js';
import { Refusal } from '../wire/refusal.js';
import type { StartBody } from '../wire/run.wire.js';
import { BatchSplit } from './batch-split.js';
import type { Home, Homes } from './homes.js';
import { codeOf, type RegionCalls } from './region-calls.js';
import { jsonHeaders, type SubmissionCall } from './submission-call.js';

const HOMES_TRIED_MAX = 3;

export interface SubmissionsParts {
  readonly starts: Starts;
  readonly homes: Homes;
  /** Null: this router knows no other region. */
  readonly calls: RegionCalls | null;
  readonly requests: Pick<RequestStore, 'take'>;
  readonly topology: Pick<TopologyReader, 'expectsVersion'>;
  readonly config: Pick<Config, 'region' | 'regions' | 'batchBodyBytesMax'>;
}

/** Started here (or requested), or answered by the home. */
export type Submitted =
  | { readonly started: StartedOnWire; readonly key: string | null }
  | { readonly forwarded: Forwarded; readonly key: string | null };

export class Submissions {
  constructor(private readonly parts: SubmissionsParts) {}

  /** Throws what refused it. */
  async one(body: StartBody, call: SubmissionCall): Promise<Submitted> {
    const { calls } = this.parts;
    if (calls === null || call.isForwarded) return { started: await this.here(body, call), key: null };
    const made = body.idempotency_key === undefined ? randomUUID() : null;
    const keyed = made === null ? body : { ...body, idempotency_key: made };
    const tried = new Set<string>();
    let doubt = new Unanswered('', false);
    let home = await this.parts.homes.of(body.tenant_id);
    while (tried.size < HOMES_TRIED_MAX) {
      this.refuseStrangers(body.tenant_id, home);
      tried.add(home.region!);
      try {
        if (home.here) return { started: await this.here(body, call), key: null };
        return { forwarded: await this.send(calls, home.region!, { body, made }, call), key: made };
      } catch (error) {
        doubt = passed(error, doubt);
      }
      home = await this.parts.homes.of(body.tenant_id, { fresh: true });
      if (home.region !== null && tried.has(home.region)) break;
    }
    return { started: await this.request(keyed, { home, doubt, keyId: keyIdOf(call.request) }), key: made };
  }

  /** Each element for itself, in their order. */
  many(elements: unknown[], call: SubmissionCall): Promise<BatchResult[]> {
    const { starts, homes, calls, config } = this.parts;
    if (calls === null || call.isForwarded) return starts.many(elements);
    const strange = (tenantId: string, home: Home): Refusal | null => this.strangerRefusal(tenantId, home);
    const { requests, topology } = this.parts;
    const split = new BatchSplit({ starts, homes, calls, requests, topology, bytesMax: config.batchBodyBytesMax, strange });
    return split.start(elements, call);
  }

  /** A key that was made here goes in the header: a body as long as it may be stays so. */
  private async send(
    calls: RegionCalls,
    region: string,
    { body, made }: { body: StartBody; made: string | null },
    call: SubmissionCall,
  ): Promise<Forwarded> {
    const { waitMs, gone, request } = call;
    const answer = await calls.send(region, {
      method: 'POST',
      path: waitMs === undefined ? '/api/workflows' : `/api/workflows?wait=${waitMs}ms`,
      headers: { ...jsonHeaders(request), ...(made === null ? {} : { 'idempotency-key': made }) },
      body: JSON.stringify(body),
      repeatable: true,
      waitMs: waitMs ?? 0,
      gone: gone(),
    });
    if (codeOf(answer) === 'not_home') throw new WorkflowError('not_home', 'the home has moved');
    return answer;
  }

  /** At home. What starts a version that is decided, but whose definition is still on its way here, waits as a request (R12). */
  private async here(body: StartBody, call: SubmissionCall): Promise<StartedOnWire> {
    const { starts, calls, topology, homes } = this.parts;
    try {
      return await starts.one(body, call.bytes);
    } catch (error) {
      const isUnknown = isWorkflowError(error, 'unknown_workflow') || isWorkflowError(error, 'unknown_version');
      if (calls === null || !isUnknown || !(await topology.expectsVersion(body.workflow, body.version ?? null))) throw error;
      const home = await homes.of(body.tenant_id);
      return this.request(body, { home, doubt: new Unanswered(error.message, false), keyId: keyIdOf(call.request) });
    }
  }

  private async request(
    body: StartBody,
    { home, doubt, keyId }: { home: Home; doubt: Unanswered; keyId: string | null },
  ): Promise<StartedOnWire> {
    const done = doubt.sent ? null : false;
    if (body.durability === 'quorum' || home.zone !== 'global') throw unavailable(body, home, done);
    const [row] = await this.parts.requests.take([requestOf(body)], keyId);
    if (row?.code === 'quorum_unavailable') throw unavailable(body, home, done); // the tenant's default
    if (row === undefined || row.code !== null) throw errorOf(row);
    return {
      run_id: row.runId!,
      status: row.status as StartedOnWire['status'],
      executed_on: home.region!,
      durability: 'local',
      existing: row.outcome === 'existing',
    };
  }

  private refuseStrangers(tenantId: string, home: Home): void {
    const refusal = this.strangerRefusal(tenantId, home);
    if (refusal !== null) throw refusal;
  }

  /** A tenant of a residency zone is not served outside it, and nobody is served whom the registry must know and does not. */
  private strangerRefusal(tenantId: string, home: Home): Refusal | null {
    const { config, calls } = this.parts;
    if (home.region === null) {
      const detail = `Tenant ${tenantId} is not registered, or this region has not learned of it yet: in a mesh with zones every tenant is.`;
      return new Refusal('unknown_tenant', detail, { field: 'tenant_id' });
    }
    const own = config.regions?.find(({ id }) => id === config.region)?.zone ?? 'global';
    if (home.zone === 'global' || home.zone === own) return null;
    const facts = { zone: home.zone, routers: calls?.routersOf(home.zone) ?? [] };
    return new Refusal('resident_elsewhere', `Tenant ${tenantId} is resident in zone ${home.zone}: ask a router there.`, {
      field: 'tenant_id',
      facts,
    });
  }
}

/** What means that another home, or a request, is the way on; everything else is the answer. */
function passed(error: unknown, before: Unanswered): Unanswered {
  if (error instanceof Unanswered) return new Unanswered(error.reason, error.sent || before.sent);
  if (isWorkflowError(error, 'not_home')) return new Unanswered(error.message, before.sent);
  throw error;
}

function unavailable(body: StartBody, { region, zone }: Home, done: false | null): Refusal {
  const facts = { region, done, idempotency_key: body.idempotency_key };
  const why =
    zone === 'global' ? 'a submission with durability quorum is not taken elsewhere' : `tenants of zone ${zone} are not taken elsewhere`;
  const what = done === null ? 'whether it was started is not known, the same key finds out' : 'nothing was stored';
  return new Refusal('home_unavailable', `The home, region ${region}, does not take it now, and ${why}; ${what}.`, { facts });
}

function errorOf(row: RequestedRow | undefined): WorkflowError {
  if (row === undefined) return new WorkflowError('database_unavailable', 'The database did not answer for this submission.');
  const about = { field: row.field ?? undefined, facts: row.runId === null ? {} : { run_id: row.runId } };
  return new WorkflowError(row.code as WorkflowErrorCode, row.message ?? 'The request was not stored.', about);
}
