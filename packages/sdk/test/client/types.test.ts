import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

it('has the types that the router describes in its OpenAPI document', () => {
  const generate = fileURLToPath(new URL('../../scripts/generate.mjs', import.meta.url));
  expect(() => execFileSync(process.execPath, [generate, '--check'])).not.toThrow();
});
