// Calls of routers of other regions, signed.
// Limits: FORWARD_TIMEOUT_MS a call, beside the ?wait in it; LOOK_MS and LOOKS_MAX at a time for questions that go to everybody.
// Events: home_lost, home_back.
import { text } from 'node:stream/consumers';
import { logEvent, type Logger, type Metrics, type RegionAddresses } from '@singularity-workflow/core';
import { type Forward, type Forwarded, Forwarder, Unanswered } from '../forward/forwarder.js';
import { Refusal } from '../wire/refusal.js';
import { type Signed, type Signer, SIGNATURE_HEADER } from './signature.js';

const LOOK_MS = 2_000;
const LOOKS_MAX = 64;
/** That routers of two regions do not understand each other is no answer to a client. */
const UNLIKE: ReadonlySet<string> = new Set(['bad_signature', 'signature_expired', 'signature_replayed', 'forward_loop']);
/** Of the home itself, as it is now. */
const OWN_WORD: ReadonlySet<string> = new Set(['not_home', 'quorum_unavailable']);
const PASSING: ReadonlySet<number> = new Set([502, 503, 504]);

export interface RegionCallsParts {
  readonly region: string;
  readonly self: string;
  readonly regions: readonly RegionAddresses[];
  /** Null: no region has routers that could be called. */
  readonly signer: Signer | null;
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'forwards'>;
  /** Aborts when this process begins to stop: long polls end then. */
  readonly draining: AbortSignal;
}

export type RegionCall = Omit<Forward, 'timeoutMs' | 'headers'> & { readonly headers?: Forward['headers']; readonly waitMs?: number };

export class RegionCalls {
  private readonly forwarders = new Map<string, Forwarder>();
  private readonly lostAtMs = new Map<string, number>();
  private looks = 0;

  constructor(private readonly parts: RegionCallsParts) {
    const { signer } = parts;
    for (const { id, routers } of parts.regions) {
      if (id === parts.region || routers.length === 0 || signer === null) continue;
      const sign = (signed: Signed) => ({ [SIGNATURE_HEADER]: signer.sign(id, signed) });
      this.forwarders.set(id, new Forwarder({ urls: routers.map((url) => url.replace(/\/+$/, '')), self: parts.self, sign }));
    }
    for (const outcome of ['answered', 'unavailable']) parts.metrics.forwards.inc({ outcome }, 0);
  }

  /** Addresses of a region's routers, for whoever must ask there itself. */
  routersOf(zone: string): string[] {
    return this.parts.regions.filter((one) => one.zone === zone).flatMap(({ routers }) => routers);
  }

  /** Throws Unanswered where nobody answered, or the region cannot be asked, or says that it cannot now; Refusal `draining`, or that the client is gone. */
  async send(region: string, call: RegionCall): Promise<Forwarded> {
    const forwarder = this.forwarders.get(region);
    if (forwarder === undefined) throw new Unanswered(`REGIONS names no routers of ${region}`, false);
    const { waitMs = 0, headers = {}, gone, ...rest } = call;
    const ended = waitMs > 0 ? AbortSignal.any([gone, this.parts.draining]) : gone;
    try {
      const answer = await forwarder.send({ ...rest, headers, gone: ended, timeoutMs: this.parts.timeoutMs + waitMs });
      refuseWhatIsNoAnswer(answer);
      this.answered(region);
      return answer;
    } catch (error) {
      if (error instanceof Unanswered) this.lost(region, error.reason);
      if (!ended.aborted) throw error;
      throw gone.aborted
        ? new Refusal('home_unavailable', 'Nobody waits for the answer.')
        : new Refusal('draining', 'This process is stopping.');
    }
  }

  /** Asks everybody else at the same time: the first that has it; null: nobody who answered has. */
  async find(path: string, gone: AbortSignal): Promise<Forwarded | null> {
    if (this.looks >= LOOKS_MAX) return null;
    this.looks += 1;
    try {
      const signal = AbortSignal.any([gone, AbortSignal.timeout(LOOK_MS)]);
      const asked = [...this.forwarders.keys()].map(async (region) => {
        const answer = await this.send(region, { method: 'GET', path, repeatable: true, gone: signal });
        if (answer.status !== 200) throw new Error('it is not there');
        return answer;
      });
      return await Promise.any(asked).catch(() => null);
    } finally {
      this.looks -= 1;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.forwarders.values()].map((forwarder) => forwarder.close()));
  }

  private answered(region: string): void {
    this.parts.metrics.forwards.inc({ outcome: 'answered' });
    const lostAtMs = this.lostAtMs.get(region);
    if (lostAtMs === undefined) return;
    this.lostAtMs.delete(region);
    logEvent(this.parts.logger, 'home_back', { region, afterMs: Math.round(performance.now() - lostAtMs) });
  }

  private lost(region: string, reason: string): void {
    this.parts.metrics.forwards.inc({ outcome: 'unavailable' });
    if (this.lostAtMs.has(region)) return;
    this.lostAtMs.set(region, performance.now());
    logEvent(this.parts.logger, 'home_lost', { region, reason });
  }
}

/** A large body comes as a stream. */
export async function textOf({ body }: Forwarded): Promise<string> {
  return Buffer.isBuffer(body) ? body.toString() : text(body);
}

/** The code of a problem document; empty where it is none. */
export function codeOf({ status, headers, body }: Forwarded): string {
  if (status < 400 || !Buffer.isBuffer(body) || !(headers['content-type'] ?? '').includes('json')) return '';
  try {
    const { code } = JSON.parse(body.toString()) as { code?: unknown };
    return typeof code === 'string' ? code : '';
  } catch {
    return '';
  }
}

function refuseWhatIsNoAnswer(answer: Forwarded): void {
  const code = codeOf(answer);
  if (UNLIKE.has(code)) throw new Unanswered(`it refuses our signature: ${code}`, false);
  if (PASSING.has(answer.status) && !OWN_WORD.has(code)) throw new Unanswered(`it answers ${answer.status} ${code}`, true);
}
