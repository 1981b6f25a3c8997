// Which of the requests here come from routers of other regions. Those are answered from here, whatever home they are about: one hop.
import type { FastifyRequest } from 'fastify';
import { Signer, SIGNATURE_HEADER } from './signature.js';
import { Refusal } from '../wire/refusal.js';

export class SignedRequests {
  private readonly bodies = new WeakMap<FastifyRequest, Buffer>();
  private readonly senders = new WeakMap<FastifyRequest, string>();

  /** Null: this region knows no others. */
  constructor(private readonly signer: Signer | null) {}

  /** A body as it came: what was signed. */
  keep(request: FastifyRequest, body: Buffer): void {
    if (request.headers[SIGNATURE_HEADER] !== undefined) this.bodies.set(request, body);
  }

  /** Before anything else is done with the request. Throws Refusal `bad_signature`, `signature_expired`, `signature_replayed`. */
  check(request: FastifyRequest): void {
    const header = request.headers[SIGNATURE_HEADER];
    if (header === undefined) return;
    if (this.signer === null) {
      throw new Refusal('bad_signature', 'This router takes no signed requests: it has no REGIONS, or no REGION_SECRET.', {
        field: SIGNATURE_HEADER,
      });
    }
    const { method, url: path } = request;
    this.senders.set(request, this.signer.check(String(header), { method, path, body: this.bodies.get(request) }));
  }

  /** The region whose router sent it; null: a client did. */
  senderOf(request: FastifyRequest): string | null {
    return this.senders.get(request) ?? null;
  }
}
