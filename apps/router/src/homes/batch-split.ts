// A batch whose tenants are at home in several regions: each home gets its part, the answers are put together in the order of the elements. A part that its
// home does not take becomes requests, as single submissions do.
import { randomUUID } from 'node:crypto';
import type { RequestStore, TopologyReader } from '@singularity-workflow/core';
import { type Forwarded, Unanswered } from '../forward/forwarder.js';
import { type BatchResult, requestOf, type Starts } from '../runs/starts.js';
import { keyIdOf } from '../keys/doorkeeper.js';
import type { Refusal } from '../wire/refusal.js';
import { StartBody } from '../wire/run.wire.js';
import type { Home, Homes } from './homes.js';
import { type RegionCalls, textOf } from './region-calls.js';
import { jsonHeaders, type SubmissionCall } from './submission-call.js';

const HOMES_TRIED_MAX = 3;
const NOT_TAKEN = 'The home does not take it now, and it is not taken elsewhere; the same key finds out whether it was started.';
const BATCH_PATH = '/api/workflows/batch';

export interface BatchSplitParts {
  readonly starts: Pick<Starts, 'many'>;
  readonly homes: Pick<Homes, 'ofAll'>;
  readonly calls: Pick<RegionCalls, 'send'>;
  readonly requests: Pick<RequestStore, 'take'>;
  readonly topology: Pick<TopologyReader, 'expectsVersion'>;
  readonly bytesMax: number;
  readonly strange: (tenantId: string, home: Home) => Refusal | null;
}

interface Element {
  /** Of the batch. */
  readonly index: number;
  readonly body: StartBody;
}

/** One use: one batch. */
export class BatchSplit {
  private readonly results: BatchResult[] = [];
  private readonly tried = new Set<string>();
  /** Of versions that are decided, but whose definition is still on its way to the home: they wait as requests (R12). */
  private readonly early: Element[] = [];

  constructor(private readonly parts: BatchSplitParts) {}

  async start(elements: unknown[], call: SubmissionCall): Promise<BatchResult[]> {
    const judged = elements.map((element) => StartBody.safeParse(element));
    const wrong = [...judged.keys()].filter((index) => !judged[index]!.success);
    await this.startHere(elements, wrong); // each is refused by name
    let open = judged.flatMap((result, index): Element[] => (result.success ? [{ index, body: keyed(result.data) }] : []));
    for (let round = 0; round < HOMES_TRIED_MAX && open.length > 0; round += 1) open = await this.round(open, call, round > 0);
    await this.request([...open, ...this.early], keyIdOf(call.request));
    return this.results;
  }

  /** Those that no home took, of homes that were not tried before. */
  private async round(open: readonly Element[], call: SubmissionCall, fresh: boolean): Promise<Element[]> {
    const homes = await this.parts.homes.ofAll(
      open.map(({ body }) => body.tenant_id),
      { fresh },
    );
    const left: Element[] = [];
    const byHome = new Map<string, Element[]>();
    for (const element of open) {
      const home = homes.get(element.body.tenant_id)!;
      const refusal = this.parts.strange(element.body.tenant_id, home);
      if (refusal !== null) this.refuse(element, refusal.code, refusal.message);
      else if (this.tried.has(home.region!)) left.push(element);
      else byHome.set(home.region!, [...(byHome.get(home.region!) ?? []), element]);
    }
    const parts = [...byHome].map(async ([region, part]) => {
      this.tried.add(region);
      if (homes.get(part[0]!.body.tenant_id)!.here) return this.here(part);
      return this.send(region, part, call);
    });
    left.push(...(await Promise.all(parts)).flat());
    for (const part of byHome.values()) for (const element of part) if (await this.isEarly(element)) this.early.push(element);
    return left;
  }

  private async isEarly({ index, body }: Element): Promise<boolean> {
    const code = this.results[index]?.error?.code;
    if (code !== 'unknown_workflow' && code !== 'unknown_version') return false;
    return this.parts.topology.expectsVersion(body.workflow, body.version ?? null);
  }

  private async here(part: readonly Element[]): Promise<Element[]> {
    const whole: unknown[] = [];
    for (const { index, body } of part) whole[index] = body;
    await this.startHere(
      whole,
      part.map(({ index }) => index),
    );
    return part.filter(({ index }) => this.results[index]!.outcome === 'not_home');
  }

  private async startHere(elements: unknown[], indexes: readonly number[]): Promise<void> {
    if (indexes.length === 0) return;
    const results = await this.parts.starts.many(elements, indexes);
    for (const [place, index] of indexes.entries()) this.results[index] = results[place]!;
  }

  /** Keys make a part longer than it came: one that has become too long goes in halves. */
  private async send(region: string, part: readonly Element[], call: SubmissionCall): Promise<Element[]> {
    const body = JSON.stringify({ workflows: part.map((element) => element.body) });
    if (Buffer.byteLength(body) > this.parts.bytesMax && part.length > 1) {
      const half = Math.ceil(part.length / 2);
      return [...(await this.send(region, part.slice(0, half), call)), ...(await this.send(region, part.slice(half), call))];
    }
    const { request, gone } = call;
    const headers = jsonHeaders(request);
    try {
      const answer = await this.parts.calls.send(region, {
        method: 'POST',
        path: BATCH_PATH,
        headers,
        body,
        repeatable: true,
        gone: gone(),
      });
      return this.take(part, answer.status, await answerOf(answer));
    } catch (error) {
      if (error instanceof Unanswered) return [...part];
      throw error;
    }
  }

  private take(part: readonly Element[], status: number, answer: Answer): Element[] {
    if (status !== 200 || answer.results?.length !== part.length) {
      for (const element of part) this.refuse(element, answer.code ?? 'home_unavailable', answer.detail ?? 'The home refused the batch.');
      return [];
    }
    for (const [place, { index }] of part.entries()) {
      const { error, ...result } = answer.results[place]!;
      const field = error?.field?.replace(/^workflows\.\d+/, `workflows.${index}`);
      this.results[index] = { ...result, error: error === null ? null : { ...error, ...(field === undefined ? {} : { field }) } };
    }
    return part.filter(({ index }) => this.results[index]!.outcome === 'not_home');
  }

  private async request(open: readonly Element[], keyId: string | null): Promise<void> {
    if (open.length === 0) return;
    const homes = await this.parts.homes.ofAll(open.map(({ body }) => body.tenant_id));
    const isTaken = ({ body }: Element): boolean => body.durability !== 'quorum' && homes.get(body.tenant_id)!.zone === 'global';
    for (const element of open.filter((one) => !isTaken(one))) {
      this.refuse(element, 'home_unavailable', NOT_TAKEN);
    }
    const taken = open.filter(isTaken);
    if (taken.length === 0) return;
    for (const { ordinal, outcome, runId, status, code, message, field } of await this.parts.requests.take(
      taken.map(({ body }) => requestOf(body)),
      keyId,
    )) {
      const { index } = taken[ordinal - 1]!;
      if (code === 'quorum_unavailable') {
        this.refuse(taken[ordinal - 1]!, 'home_unavailable', NOT_TAKEN); // the tenant's default
        continue;
      }
      const error =
        code === null ? null : { code, detail: message ?? '', ...(field === null ? {} : { field: `workflows.${index}.${field}` }) };
      const durability = code === null ? 'local' : null;
      this.results[index] = { outcome, run_id: runId, status: status as BatchResult['status'], durability, error };
    }
  }

  private refuse({ index }: Element, code: string, detail: string): void {
    this.results[index] = { outcome: 'refused', run_id: null, status: null, durability: null, error: { code, detail } };
  }
}

interface Answer {
  readonly results?: BatchResult[];
  readonly code?: string;
  readonly detail?: string;
}

function keyed(body: StartBody): StartBody {
  return body.idempotency_key === undefined ? { ...body, idempotency_key: randomUUID() } : body;
}

/** Empty where it is no JSON: then no router of ours has answered. */
async function answerOf(answer: Forwarded): Promise<Answer> {
  try {
    return JSON.parse(await textOf(answer)) as Answer;
  } catch {
    return {};
  }
}
