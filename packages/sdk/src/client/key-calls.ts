// API keys: made, listed, revoked. An admin's alone.
import type { CallOptions } from './client.js';
import type { Transport } from './transport.js';
import type * as wire from './types.js';

export class KeyCalls {
  constructor(private readonly transport: Transport) {}

  /** The key itself is in this answer only; one whose answer was lost stays unused. `decided` false: in a mesh, it counts when the log has it. */
  make(key: wire.NewApiKey, { signal }: CallOptions = {}): Promise<wire.MadeApiKey> {
    return this.transport.call({ method: 'POST', path: 'keys', body: key, signal });
  }

  /** By id, those that were revoked too. */
  list({ limit, cursor }: wire.PageQuery = {}, { signal }: CallOptions = {}): Promise<wire.ApiKeyPage> {
    return this.transport.call({ method: 'GET', path: 'keys', query: { limit, cursor }, signal });
  }

  /** In the region that answers at once, in the others when the log has it. */
  revoke(keyId: string, { signal }: CallOptions = {}): Promise<wire.RevokedApiKey> {
    return this.transport.call({ method: 'DELETE', path: `keys/${encodeURIComponent(keyId)}`, signal });
  }
}
