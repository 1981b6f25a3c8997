// Reads a fresh install back from the catalog of an ephemeral server and compares it with packages/core/sql/snapshot.sql, so that what a change of
// sql/ really does is seen in its review. `--write` (pnpm snapshot) writes the file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { build, root } from './lib/turbo.mjs';
import { startPostgres } from './pg.mjs';
import { sections } from './snapshot/queries.mjs';

const FILE = 'packages/core/sql/snapshot.sql';
const HEADER =
  '-- A fresh install, read back from the catalog. Written by `pnpm snapshot`, compared by `pnpm check`; never edited, never applied.\n';
const DIFFERENCES_SHOWN = 40;

async function freshInstall() {
  const server = await startPostgres();
  try {
    const { migrate } = await import('@singularity-workflow/core');
    await migrate({ adminUrl: server.url() });
    const client = new pg.Client(server.url());
    await client.connect();
    try {
      let text = HEADER;
      for (const [title, query] of Object.entries(sections)) {
        const { rows } = await client.query({ text: query, rowMode: 'array' });
        text += `\n-- ${title}\n${rows.map(([line]) => `${line}\n`).join('')}`;
      }
      return text;
    } finally {
      await client.end();
    }
  } finally {
    await server.stop('SIGQUIT');
  }
}

/** Lines that only one of the two has: order is the query's, so nothing moves by itself. */
function differences(kept, fresh) {
  const [before, after] = [kept.split('\n'), fresh.split('\n')];
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ];
}

if ((await build('@singularity-workflow/core')) !== 0) process.exit(1);
const fresh = await freshInstall();
const path = join(root, FILE);
if (process.argv.includes('--write')) {
  writeFileSync(path, fresh);
  console.log(`snapshot: wrote ${FILE}`);
} else {
  const kept = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const found = differences(kept, fresh);
  for (const line of found.slice(0, DIFFERENCES_SHOWN)) console.error(line);
  const more = found.length > DIFFERENCES_SHOWN ? ` (${found.length - DIFFERENCES_SHOWN} more)` : '';
  if (kept !== fresh) console.error(`snapshot: ${FILE} is not what a fresh install is${more}; if that is meant, run \`pnpm snapshot\``);
  else console.log(`snapshot: ${fresh.split('\n').length} lines, as kept`);
  process.exitCode = kept === fresh ? 0 : 1;
}
