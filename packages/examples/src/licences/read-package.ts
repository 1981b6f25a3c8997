// What one installed package says about its licence: in its manifest, and in the text that it carries.
import { open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NonRetryableError } from '@singularity-workflow/sdk';
import correctSpdx from 'spdx-correct';

export type PackageLicence = {
  directory: string;
  name: string;
  version: string;
  /** An SPDX expression; null where neither the manifest nor the text tells. */
  licence: string | null;
  source: 'manifest' | 'text' | 'none';
  licenceFile: string | null;
};

type Manifest = { name?: string; version?: string; license?: unknown; licenses?: unknown };

const LICENCE_FILE = /^(licen[cs]e|copying|unlicense)(\W.*)?$/i;
const TEXT_BYTES_MAX = 16_384;

/** Enough of a text to know it by. The longer phrase first: BSD's third clause is what tells it from the second's. */
const TEXTS: [licence: string, phrase: RegExp][] = [
  ['Apache-2.0', /Apache License\s+Version 2\.0/i],
  ['MPL-2.0', /Mozilla Public License,? Version 2\.0/i],
  ['BSD-3-Clause', /Redistribution and use in source and binary forms[^]*Neither the name/i],
  ['BSD-2-Clause', /Redistribution and use in source and binary forms/i],
  ['ISC', /Permission to use, copy, modify, and(\/or)? distribute this software for any purpose with or without fee/i],
  ['Unlicense', /This is free and unencumbered software released into the public domain/i],
  ['MIT', /Permission is hereby granted, free of charge, to any person obtaining a copy/i],
];

export async function readPackage(root: string, directory: string): Promise<PackageLicence> {
  const path = join(root, directory);
  const manifest = await readManifest(path);
  const licenceFile = (await readdir(path)).filter((name) => LICENCE_FILE.test(name)).toSorted()[0] ?? null;
  const declared = declaredLicence(manifest);
  const recognised = declared === null && licenceFile !== null ? recognise(await firstBytes(join(path, licenceFile))) : null;
  return {
    directory,
    name: manifest.name ?? directory,
    version: manifest.version ?? '0.0.0',
    licence: declared ?? recognised,
    source: declared !== null ? 'manifest' : recognised !== null ? 'text' : 'none',
    licenceFile,
  };
}

/** A package without a readable manifest stays without one: no second attempt. */
async function readManifest(path: string): Promise<Manifest> {
  try {
    return JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as Manifest;
  } catch (error) {
    throw new NonRetryableError(`no readable package.json in ${path}: ${(error as Error).message}`);
  }
}

/** npm's `license`, or the `licenses` of before 2015; what can be read as SPDX is written as SPDX ("Apache 2.0" too). */
function declaredLicence({ license, licenses }: Manifest): string | null {
  const declared = [license, licenses]
    .flat()
    .map((one) => (typeof one === 'object' && one !== null ? (one as { type?: unknown }).type : one));
  const names = declared.filter((one): one is string => typeof one === 'string' && one !== '').map((name) => correctSpdx(name) ?? name);
  return names.length === 0 ? null : names.join(' OR ');
}

const recognise = (text: string): string | null => TEXTS.find(([, phrase]) => phrase.test(text))?.[0] ?? null;

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TEXT_BYTES_MAX), 0, TEXT_BYTES_MAX, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
