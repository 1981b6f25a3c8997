// API keys as this region's database knows them, each remembered for a moment: a key that was revoked is refused a second after this region learned it.
// Limits: AGE_MS_MAX; KEYS_MAX are remembered, those that nobody has too.
import { idOfApiKey, type KeyRow, type KeyStore, sha256OfApiKey } from '@singularity-workflow/core';

const AGE_MS_MAX = 1_000;
const KEYS_MAX = 10_000;

export interface KeyringParts {
  readonly keys: Pick<KeyStore, 'bySha256' | 'some'>;
  readonly nowMs?: () => number;
}

export class Keyring {
  private readonly known = new Map<string, { readonly row: Promise<KeyRow | null>; readonly atMs: number }>();
  private some: { readonly answer: Promise<boolean>; readonly atMs: number } | null = null;
  private readonly nowMs: () => number;

  constructor(private readonly parts: KeyringParts) {
    this.nowMs = parts.nowMs ?? (() => performance.now());
  }

  /** Some key was made once: from then on nobody is let in without one. */
  isLocked(): Promise<boolean> {
    const nowMs = this.nowMs();
    if (this.some === null || nowMs - this.some.atMs >= AGE_MS_MAX) {
      const answer = this.parts.keys.some();
      this.some = { answer, atMs: nowMs };
      answer.catch(() => (this.some = null));
    }
    return this.some.answer;
  }

  /** Null: there is no such key. Callers that ask at the same time share one look. */
  find(key: string): Promise<KeyRow | null> {
    if (idOfApiKey(key) === null) return Promise.resolve(null);
    const sha256 = sha256OfApiKey(key);
    const nowMs = this.nowMs();
    const found = this.known.get(sha256);
    if (found !== undefined && nowMs - found.atMs < AGE_MS_MAX) return found.row;
    const row = this.parts.keys.bySha256(sha256);
    if (this.known.size >= KEYS_MAX) this.known.clear();
    this.known.set(sha256, { row, atMs: nowMs });
    row.catch(() => this.known.delete(sha256));
    return row;
  }

  /** What this process itself changed counts at once here. */
  forget(): void {
    this.known.clear();
    this.some = null;
  }
}
