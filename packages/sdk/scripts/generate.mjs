// Writes src/client/openapi.generated.ts, the types of the REST API, from the OpenAPI document of the router (which must have been built).
// With --check it writes nothing and exits 1 where the file is not what it would write.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const target = fileURLToPath(new URL('../src/client/openapi.generated.ts', import.meta.url));
const printer = fileURLToPath(new URL('../../../apps/router/dist/print-openapi.js', import.meta.url));

const document = JSON.parse(execFileSync(process.execPath, [printer], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 }));
// Fields with a default may be left out of a request; answers have none.
const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
const text = `// Made from the router's OpenAPI document by "pnpm --filter @singularity-workflow/sdk generate". Do not edit.\n${types}`;

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    process.stderr.write('openapi.generated.ts is not what the router says: run pnpm --filter @singularity-workflow/sdk generate\n');
    process.exitCode = 1;
  }
} else writeFileSync(target, text);
