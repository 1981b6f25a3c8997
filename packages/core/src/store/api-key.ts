// What an API key looks like: `swk_<its id>_<secret of 32 bytes>`. Only its sha256 is stored anywhere: the secret cannot be guessed, so no slow hash is needed.
import { createHash, randomBytes, randomUUID } from 'node:crypto';

const FORM = /^swk_([0-9a-f]{32})_[\w-]{43}$/;

export interface MadeApiKey {
  readonly keyId: string;
  /** Told once. */
  readonly key: string;
  readonly sha256: string;
}

export function makeApiKey(): MadeApiKey {
  const keyId = randomUUID();
  const key = `swk_${keyId.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`;
  return { keyId, key, sha256: sha256OfApiKey(key) };
}

/** The id that a key names; null: it is none of ours. It proves nothing. */
export function idOfApiKey(key: string): string | null {
  const [, hex] = FORM.exec(key) ?? [];
  return hex === undefined ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export function sha256OfApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
