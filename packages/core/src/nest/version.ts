// The version that a process says it is: that of this package, which all packages share.
import { readFileSync } from 'node:fs';

let version: string | null = null;

export function ownVersion(): string {
  version ??= (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
  return version;
}
