// Reads of runs, wherever their home is: from the copy of this region, with how old it is and which region is the home.
//
// What is at home here is read as it is. A copy of a run that is at home elsewhere has everything that its home had committed up to `as_of`, which says the
// ledger in that home's stream. A read with consistency=strong goes to the home; one of a run that is not here asks the other regions.
import {
  type RequestState,
  type RequestStore,
  type RunSummary,
  type RunView,
  WorkflowError,
  type WorkflowErrorCode,
} from '@singularity-workflow/core';
import type { Answered, HomeRelay } from '../homes/home-relay.js';
import type { Exchange } from '../wire/exchange.js';
import type { Homes } from '../homes/homes.js';
import { type Age, AS_OF_HEADER, LAG_HEADER, type Reads } from '../replica/reads.js';
import type { Consistency } from '../wire/fields.js';
import { runNotFound } from './run-refusals.js';

export interface FoundRun {
  readonly run: RunView;
  readonly region: string;
  readonly asOf: Date;
}

/** Of this region's copy; a submission that waits for its home; or as another region answered, as bytes. */
export type Found =
  | { readonly kind: 'run'; readonly found: FoundRun }
  | { readonly kind: 'requested'; readonly request: RequestState; readonly region: string }
  | { readonly kind: 'answered'; readonly body: Answered };

export interface RunReadsParts {
  readonly reads: Reads;
  readonly homes: Homes;
  readonly relay: HomeRelay;
  readonly requests: Pick<RequestStore, 'read'>;
  /** There are other regions. */
  readonly isMesh: boolean;
}

export class RunReads {
  constructor(private readonly parts: RunReadsParts) {}

  /** Runs that are at home in that region. */
  mayHave(region: string | undefined): boolean {
    return region === undefined || this.parts.isMesh || region === this.parts.reads.region;
  }

  /** One run. Throws `run_not_found`, the code that its home refused it with, Refusal `home_unavailable`. */
  async one(runId: string, consistency: Consistency, exchange: Exchange): Promise<Found> {
    const { row, ...age } = await this.parts.reads.find(consistency, exchange.reply, ({ runs }) => runs.get(runId));
    if (row === null) return this.missing(runId, exchange);
    const elsewhere = await this.atHome(row.tenantId, consistency, exchange);
    if (elsewhere !== null) return { kind: 'answered', body: elsewhere };
    const { region, asOf } = await this.ageOf(row.tenantId, age.exact ? { ...age, asOf: row.asOf } : age, exchange);
    return { kind: 'run', found: { run: row, region, asOf } };
  }

  /** The same after a wait: where it is written if that is at hand, and as this region has it. */
  async again(runId: string, exchange: Exchange): Promise<Found> {
    const { row, ...age } = await this.parts.reads.find('strong', exchange.reply, ({ runs }) => runs.get(runId));
    if (row === null) return this.missing(runId, exchange);
    const { region, asOf } = await this.ageOf(row.tenantId, age.exact ? { ...age, asOf: row.asOf } : age, exchange);
    return { kind: 'run', found: { run: row, region, asOf } };
  }

  /** What belongs to a run that is here, read by `read`; or as another region answered. Throws as `one`. */
  async partOf<T>(
    runId: string,
    { consistency, exchange }: { consistency: Consistency; exchange: Exchange },
    read: (runs: Reads['nearest']['runs']) => Promise<T | null>,
  ): Promise<T | Answered> {
    const { reads, isMesh } = this.parts;
    const { row, ...age } = await reads.find(consistency, exchange.reply, ({ runs }) => read(runs));
    if (!isMesh) {
      if (row === null) throw runNotFound(runId);
      return row;
    }
    const run = row === null ? null : await reads.nearest.runs.get(runId);
    if (row === null || run === null) {
      const found = await this.missing(runId, exchange);
      if (found.kind === 'answered') return found.body;
      throw new WorkflowError('run_not_started', `Run ${runId} is requested: its home has not started it yet.`, { field: 'run_id' });
    }
    const elsewhere = await this.atHome(run.tenantId, consistency, exchange);
    if (elsewhere !== null) return elsewhere;
    await this.ageOf(run.tenantId, age, exchange);
    return row;
  }

  /** The home of each of these runs, by tenant; the answer's headers say of what time the list is. */
  async homesOf(runs: readonly RunSummary[], { asOf }: Age, { reply }: Exchange): Promise<(run: RunSummary) => string> {
    const { homes, reads, isMesh } = this.parts;
    if (!isMesh) return () => reads.region;
    const known = await homes.ofAll(runs.map(({ tenantId }) => tenantId));
    const copies = await homes.copiesAsOf();
    if (copies !== null && copies < asOf) stamp(copies, { reply });
    return ({ tenantId }) => known.get(tenantId)?.region ?? reads.region;
  }

  /** Null: from here. */
  private async atHome(tenantId: string, consistency: Consistency, exchange: Exchange): Promise<Answered | null> {
    const { isMesh, homes, relay } = this.parts;
    if (!isMesh || consistency !== 'strong' || relay.isForwarded(exchange.request)) return null;
    const home = await homes.of(tenantId, { fresh: true });
    if (home.here || home.region === null) return null;
    return (await relay.pass(home.region, exchange)) ?? null;
  }

  private async ageOf(tenantId: string, age: Age, exchange: Exchange): Promise<{ region: string; asOf: Date }> {
    const { reads, homes, isMesh } = this.parts;
    if (!isMesh) return { region: reads.region, asOf: age.asOf };
    const home = await homes.of(tenantId);
    const asOf = home.here ? age.asOf : new Date(Math.min(age.asOf.getTime(), home.asOf?.getTime() ?? 0));
    if (asOf < age.asOf) stamp(asOf, exchange);
    return { region: home.region ?? reads.region, asOf };
  }

  private async missing(runId: string, exchange: Exchange): Promise<Found> {
    const { requests, homes, relay, isMesh } = this.parts;
    if (!isMesh) throw runNotFound(runId);
    const request = await requests.read(runId);
    if (request?.outcome === 'requested') {
      return { kind: 'requested', request, region: (await homes.of(request.tenantId)).region ?? this.parts.reads.region };
    }
    if (request?.outcome === 'refused') {
      const facts = { run_id: runId, refused_at: request.decidedAt?.toISOString() ?? null };
      throw new WorkflowError(request.code as WorkflowErrorCode, request.message ?? 'The home refused it.', { facts });
    }
    if (request?.outcome === 'merged' && request.runId !== null && request.runId !== runId)
      return this.one(request.runId, 'eventual', exchange);
    const body = await relay.readElsewhere(exchange);
    if (body === null) throw runNotFound(runId);
    return { kind: 'answered', body };
  }
}

function stamp(asOf: Date, { reply }: Pick<Exchange, 'reply'>): void {
  void reply.header(AS_OF_HEADER, asOf.toISOString()).header(LAG_HEADER, Math.max(0, Date.now() - asOf.getTime()));
}
