// A copy of the package's sql/ that a test may change: the next release.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export class SqlTreeCopy {
  private readonly folder = mkdtempSync(join(tmpdir(), 'workflow-sql-'));
  readonly url = pathToFileURL(`${this.folder}/`);

  constructor() {
    cpSync(fileURLToPath(new URL('../../sql/', import.meta.url)), this.folder, { recursive: true });
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
