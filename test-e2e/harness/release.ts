// The next release of the engine, made of this one: a copy of what was built, with one more schema file, one function whose text is another, and the
// next version number. Its services are processes like any other; they need a schema that this release does not know.
//
// Limit: what changes is the schema's number, a new table and a function's text; a real release changes more.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './places.js';

const OURS = '@singularity-workflow';
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'packages/core': ['dist', 'sql'],
  'packages/sdk': ['dist'],
  'apps/router': ['dist'],
  'apps/scheduler': ['dist'],
  'apps/executor': ['dist'],
  'apps/failover-monitor': ['dist'],
  'test-e2e': ['harness'],
};
/** Replaced by each migration that finds another text of it. */
const FUNCTION = 'functions/operations/trim_error.sql';

export interface Release {
  /** Where its apps/ and packages/ stand. */
  readonly folder: string;
  readonly schemaVersion: number;
  /** 0: this repository. */
  readonly number: number;
}

export const thisRelease = (): Release => ({ folder: root, schemaVersion: lastSchemaFile(root), number: 0 });

/** Makes the release after this one below `into`. */
export function nextRelease(before: Release, into: string): Release {
  const number = before.number + 1;
  const schemaVersion = before.schemaVersion + 1;
  const folder = join(into, `release-${number}`);
  for (const [part, contents] of Object.entries(PARTS)) {
    mkdirSync(join(folder, part), { recursive: true });
    for (const name of contents) cpSync(join(before.folder, part, name), join(folder, part, name), { recursive: true });
    cpSync(join(before.folder, part, 'package.json'), join(folder, part, 'package.json'));
    linkModules(join(root, part, 'node_modules'), join(folder, part, 'node_modules'), folder);
  }
  const sql = join(folder, 'packages/core/sql');
  const name = `${String(schemaVersion).padStart(4, '0')}_of_release_${number}`;
  writeFileSync(join(sql, `schema/${name}.sql`), `create table workflow.of_release_${number} (id int primary key);\n`);
  writeFileSync(join(sql, FUNCTION), `${readFileSync(join(sql, FUNCTION), 'utf8')}-- Release ${number}.\n`);
  const manifest = join(folder, 'packages/core/package.json');
  const content = JSON.parse(readFileSync(manifest, 'utf8')) as object;
  writeFileSync(manifest, JSON.stringify({ ...content, version: `0.${100 + number}.0` }));
  return { folder, schemaVersion, number };
}

/** As a deployment does: with the administrator's login, before the services of the release can work. */
export async function migrateTo({ folder }: Release, adminUrl: string): Promise<void> {
  const core = join(folder, 'packages/core/dist/index.js');
  const script = `import { migrate } from ${JSON.stringify(core)}; await migrate({ adminUrl: process.argv[1] });`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, adminUrl]);
}

function lastSchemaFile(folder: string): number {
  return Math.max(...readdirSync(join(folder, 'packages/core/sql/schema')).map((name) => Number.parseInt(name, 10)));
}

/** Packages from npm are the same; ours are those of the release. */
function linkModules(from: string, to: string, release: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== OURS && !name.startsWith('.')) symlinkSync(realpathSync(join(from, name)), join(to, name));
  }
  mkdirSync(join(to, OURS), { recursive: true });
  for (const name of ['core', 'sdk']) symlinkSync(join(release, 'packages', name), join(to, OURS, name));
}
