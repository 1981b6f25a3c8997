// The package's sql/ as a list of files, in the order in which they are applied.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, relative, sep } from 'node:path';

export interface SqlFile {
  /** Below sql/, with slashes: `functions/runs/start_runs.sql`. */
  path: string;
  /** Without folder and ending: a function's, view's or trigger's file bears its name. */
  name: string;
  text: string;
  sha256: string;
}

export interface SchemaFile extends SqlFile {
  version: number;
}

export interface SqlTree {
  roles: SqlFile;
  /** Once each, by version. */
  schema: SchemaFile[];
  /** Again when their text changed: functions, then views, then the functions of triggers. */
  repeatable: SqlFile[];
  grants: SqlFile;
}

function readOne(folder: string, path: string): SqlFile {
  const text = readFileSync(join(folder, path), 'utf8');
  const name = path.slice(path.lastIndexOf('/') + 1, -'.sql'.length);
  return { path, name, text, sha256: createHash('sha256').update(text).digest('hex') };
}

/** A folder without a file is not there in a fresh clone. */
function readAll(folder: string, sub: string): SqlFile[] {
  if (!existsSync(join(folder, sub))) return [];
  return readdirSync(join(folder, sub), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()
    .map((path) => readOne(folder, path));
}

function versionOf({ path, name }: SqlFile): number {
  const version = /^(\d{4})_/.exec(name)?.[1];
  if (version === undefined) throw new Error(`${path} must begin with its number: 0001_what_it_makes.sql`);
  return Number(version);
}

/** Throws where a schema file has no number, or two have the same. */
export function readSqlTree(folder: URL): SqlTree {
  const root = fileURLToPath(folder);
  const schema = readAll(root, 'schema').map((file) => ({ ...file, version: versionOf(file) }));
  for (const [index, file] of schema.entries()) {
    if (file.version !== index + 1) throw new Error(`${file.path} should be number ${index + 1}: numbers are given once and without gaps`);
  }
  return {
    roles: readOne(root, 'roles.sql'),
    schema,
    repeatable: [...readAll(root, 'functions'), ...readAll(root, 'views'), ...readAll(root, 'triggers')],
    grants: readOne(root, 'grants.sql'),
  };
}
