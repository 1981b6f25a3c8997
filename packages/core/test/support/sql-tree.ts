// A copy of the package's sql/ that a test may change: the next release, or one from before.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export class SqlTreeCopy {
  private readonly folder = mkdtempSync(join(tmpdir(), 'workflow-sql-'));
  readonly url = pathToFileURL(`${this.folder}/`);

  constructor() {
    cpSync(fileURLToPath(new URL('../../sql/', import.meta.url)), this.folder, { recursive: true });
  }

  /** The tables from before a schema file, with none of today's functions, views and grants: they know later tables. */
  static before(schemaFile: string): SqlTreeCopy {
    const tree = new SqlTreeCopy();
    for (const file of readdirSync(join(tree.folder, 'schema'))) if (file >= schemaFile) tree.delete(`schema/${file}`);
    for (const repeatable of ['functions', 'views', 'triggers']) rmSync(join(tree.folder, repeatable), { recursive: true });
    tree.write('grants.sql', '-- None: nobody works here.\n');
    return tree;
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  edit(path: string, change: (text: string) => string): void {
    this.write(path, change(readFileSync(join(this.folder, path), 'utf8')));
  }

  delete(path: string): void {
    rmSync(join(this.folder, path));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
