import { resolve } from 'node:path';
import { workflow } from '@singularity-workflow/sdk';
import { packageDirectories } from './package-directories.js';
import { readPackage } from './read-package.js';
import { summarise, writeReport } from './report.js';
import { ALLOWED_LICENCES } from './verdict.js';

export type LicenceAudit = {
  /** The directory whose node_modules is audited; absolute, and on the executor's disk. */
  root: string;
  /** The file that the report is written to; relative to `root`. */
  report: string;
  allowed?: string[];
};

/** Reads the manifest and licence text of every installed package in parallel, then writes what was found into one report. */
export const licenceAudit = workflow<LicenceAudit>('licence-audit', { maxAttempts: 3, baseDelayMs: 200, timeoutMs: 30_000 })
  .step('list', ({ root }) => packageDirectories(root))
  .map('read', { over: 'list' }, (directory, ctx) => readPackage(ctx.runInput.root, directory))
  .step('report', { dependsOn: ['read'] }, async ({ read }, ctx) => {
    const { root, report, allowed = ALLOWED_LICENCES } = ctx.runInput;
    const summary = summarise(read, allowed, resolve(root, report));
    await writeReport(summary, read);
    return summary;
  });
