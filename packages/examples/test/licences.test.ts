import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageDirectories } from '../src/licences/package-directories.js';
import { readPackage } from '../src/licences/read-package.js';
import { summarise, writeReport } from '../src/licences/report.js';
import { verdictOn } from '../src/licences/verdict.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'licences-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}
const licenceOf = async (manifest: unknown, text?: string) => {
  await file('node_modules/one/package.json', manifest);
  if (text !== undefined) await file('node_modules/one/LICENSE.md', text);
  return readPackage(root, 'node_modules/one');
};

describe('the list of installed packages', () => {
  it("finds the real packages of pnpm's store once, scoped ones too, and follows no link", async () => {
    await file('node_modules/.pnpm/a@1.0.0/node_modules/a/package.json', {});
    await file('node_modules/.pnpm/@s+b@1.0.0/node_modules/@s/b/package.json', {});
    await symlink('../../a@1.0.0/node_modules/a', join(root, 'node_modules/.pnpm/@s+b@1.0.0/node_modules/a'));
    await symlink('.pnpm/a@1.0.0/node_modules/a', join(root, 'node_modules/a'));
    expect(await packageDirectories(root)).toEqual([
      'node_modules/.pnpm/@s+b@1.0.0/node_modules/@s/b',
      'node_modules/.pnpm/a@1.0.0/node_modules/a',
    ]);
  });

  it("finds npm's packages inside packages, and none in .bin", async () => {
    await file('node_modules/a/node_modules/@s/b/package.json', {});
    await file('node_modules/.bin/tool', '');
    expect(await packageDirectories(root)).toEqual(['node_modules/a', 'node_modules/a/node_modules/@s/b']);
  });

  it('is empty where nothing is installed', async () => {
    expect(await packageDirectories(root)).toEqual([]);
  });
});

describe('the licence of a package', () => {
  it('is what its manifest says', async () => {
    expect(await licenceOf({ name: 'one', version: '1.2.3', license: 'MIT' }, 'Apache License Version 2.0')).toEqual({
      directory: 'node_modules/one',
      name: 'one',
      version: '1.2.3',
      licence: 'MIT',
      source: 'manifest',
      licenceFile: 'LICENSE.md',
    });
  });

  it.each([
    [{ license: 'Apache 2.0' }, 'Apache-2.0'],
    [{ license: { type: 'ISC', url: 'https://example.org' } }, 'ISC'],
    [{ licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }] }, 'MIT OR GPL-2.0-only'],
    [{ license: 'SEE LICENSE IN terms.txt' }, 'SEE LICENSE IN terms.txt'],
  ])('declared as %j is %s', async (manifest, licence) => {
    expect(await licenceOf(manifest)).toMatchObject({ licence, source: 'manifest' });
  });

  it('is known by its text where the manifest says nothing', async () => {
    const text = 'Permission is hereby granted, free of charge, to any person obtaining a copy of this software';
    expect(await licenceOf({ name: 'one' }, text)).toMatchObject({ licence: 'MIT', source: 'text' });
  });

  it('is missing where neither tells', async () => {
    expect(await licenceOf({ name: 'one' })).toMatchObject({ licence: null, source: 'none', licenceFile: null });
  });

  it('is not asked for again when the manifest cannot be read', async () => {
    await expect(licenceOf('{ not json')).rejects.toThrow(/no readable package.json in .*node_modules\/one/);
  });
});

describe('the verdict on a licence', () => {
  const one = { directory: 'd', name: 'one', version: '1.0.0', source: 'manifest', licenceFile: null } as const;
  it.each([
    ['MIT', 'allowed'],
    ['(GPL-3.0-only OR MIT)', 'allowed'],
    ['MIT AND GPL-3.0-only', 'conflict'],
    ['SEE LICENSE IN terms.txt', 'conflict'],
    [null, 'missing'],
  ])('on %s is %s', (licence, verdict) => {
    expect(verdictOn({ ...one, licence }, ['MIT', 'ISC'])).toBe(verdict);
  });

  it('ends in a report that names every conflict and every package without a licence', async () => {
    const packages = [
      { ...one, licence: 'MIT' },
      { ...one, name: 'two', licence: 'GPL-3.0-only' },
      { ...one, name: 'three', licence: null },
    ];
    const summary = summarise(packages, ['MIT'], join(root, 'deep/report.md'));
    expect(summary).toMatchObject({
      packages: 3,
      allowed: 1,
      conflicts: ['two@1.0.0 GPL-3.0-only'],
      missing: ['three@1.0.0'],
      withoutText: 3,
    });
    await writeReport(summary, packages);
    expect(await readFile(summary.report, 'utf8')).toMatch(/two@1\.0\.0 GPL-3\.0-only[^]*three@1\.0\.0/);
  });
});
