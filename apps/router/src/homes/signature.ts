// What one region's routers sign when they call another's: method, path, body, both regions, the time, and a number used once (HMAC-SHA256 with
// REGION_SECRET). What is signed has been let in at the region that signed it, and is not forwarded again.
//
// Limits: a signature counts for AGE_MS_MAX, by clocks that may differ by as much. The numbers that were used are remembered by each process for itself: a
// copy that somebody took off the wire and sends to another router of the region within that time is what it was, once more; so TLS goes between regions.
import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../wire/refusal.js';

export const SIGNATURE_HEADER = 'x-workflow-signature';
export const AGE_MS_MAX = 30_000;

const FORM = /^v1 from=([a-z][a-z0-9-]{0,31}),to=([a-z][a-z0-9-]{0,31}),at=(\d{13}),id=([0-9a-f-]{36}),mac=([0-9a-f]{64})$/;

export interface Signed {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: Buffer | string | undefined;
}

export interface SignerOptions {
  /** The first signs, all count. */
  readonly secrets: readonly string[];
  readonly region: string;
  /** Whose signatures count. */
  readonly regions: readonly string[];
  readonly nowMs: () => number;
}

export class Signer {
  /** Numbers used in this span and in the one before; a span is as long as a signature may count. */
  private used = new Set<string>();
  private usedBefore = new Set<string>();
  private spanBeganMs = 0;

  constructor(private readonly options: SignerOptions) {}

  sign(to: string, signed: Signed): string {
    const { region: from, nowMs, secrets } = this.options;
    const head = headOf({ from, to, at: String(nowMs()), id: randomUUID() });
    return `v1 ${head},mac=${macOf(secrets[0]!, head, signed)}`;
  }

  /** Which region signed it. Throws Refusal `bad_signature`, `signature_expired`, `signature_replayed`. */
  check(header: string, signed: Signed): string {
    const [, from, to, at, id, mac] = FORM.exec(header) ?? [];
    if (from === undefined || to === undefined || at === undefined || id === undefined || mac === undefined)
      throw refused('bad_signature', 'The signature cannot be read.');
    const head = headOf({ from, to, at, id });
    const given = Buffer.from(mac, 'hex');
    const isOurs = this.options.secrets.some((secret) => timingSafeEqual(Buffer.from(macOf(secret, head, signed), 'hex'), given));
    if (!isOurs)
      throw refused('bad_signature', `The signature of region ${from} does not fit: another REGION_SECRET, or the request was changed.`);
    if (to !== this.options.region)
      throw refused('bad_signature', `The request was signed for region ${to}; this is ${this.options.region}.`);
    if (!this.options.regions.includes(from)) throw refused('bad_signature', `Region ${from} is not in REGIONS here.`);
    this.useOnce(id, Number(at));
    return from;
  }

  private useOnce(id: string, atMs: number): void {
    const nowMs = this.options.nowMs();
    if (Math.abs(nowMs - atMs) > AGE_MS_MAX) {
      const facts = { age_ms: nowMs - atMs, age_ms_max: AGE_MS_MAX };
      throw refused('signature_expired', 'The signature is too old, or of a clock that is wrong.', facts);
    }
    if (nowMs - this.spanBeganMs > 2 * AGE_MS_MAX) {
      this.usedBefore = this.used;
      this.used = new Set();
      this.spanBeganMs = nowMs;
    }
    if (this.used.has(id) || this.usedBefore.has(id)) throw refused('signature_replayed', 'This signature was used before.');
    this.used.add(id);
  }
}

function headOf({ from, to, at, id }: Record<'from' | 'to' | 'at' | 'id', string>): string {
  return `from=${from},to=${to},at=${at},id=${id}`;
}

function macOf(secret: string, head: string, { method, path, body }: Signed): string {
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  return createHmac('sha256', secret).update(`v1\n${head}\n${method}\n${path}\n${digest}`).digest('hex');
}

function refused(
  code: 'bad_signature' | 'signature_expired' | 'signature_replayed',
  detail: string,
  facts: Record<string, unknown> = {},
): Refusal {
  return new Refusal(code, detail, { field: SIGNATURE_HEADER, facts });
}
