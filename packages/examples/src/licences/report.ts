import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PackageLicence } from './read-package.js';
import { verdictOn } from './verdict.js';

export type AuditSummary = {
  packages: number;
  /** The most frequent first. */
  licences: { licence: string; packages: number }[];
  allowed: number;
  /** `name@version licence` of each. */
  conflicts: string[];
  /** `name@version` of each that tells its licence nowhere. */
  missing: string[];
  withoutText: number;
  report: string;
};

export function summarise(packages: readonly PackageLicence[], allowed: readonly string[], report: string): AuditSummary {
  const verdicts = packages.map((one) => ({ one, verdict: verdictOn(one, allowed) }));
  const of = (wanted: string): PackageLicence[] => verdicts.filter(({ verdict }) => verdict === wanted).map(({ one }) => one);
  return {
    packages: packages.length,
    licences: counted(packages.map((one) => one.licence ?? 'none')),
    allowed: of('allowed').length,
    conflicts: of('conflict').map((one) => `${label(one)} ${one.licence}`),
    missing: of('missing').map(label),
    withoutText: packages.filter((one) => one.licenceFile === null).length,
    report,
  };
}

/** Replaces the file in one step: the handler may run twice, and a reader must never see half a report. */
export async function writeReport(summary: AuditSummary, packages: readonly PackageLicence[]): Promise<void> {
  await mkdir(dirname(summary.report), { recursive: true });
  const unfinished = `${summary.report}.${process.pid}.tmp`;
  await writeFile(unfinished, asMarkdown(summary, packages));
  await rename(unfinished, summary.report);
}

function asMarkdown(summary: AuditSummary, packages: readonly PackageLicence[]): string {
  const section = (title: string, lines: string[]): string[] => [`## ${title}`, '', ...(lines.length > 0 ? lines : ['None.']), ''];
  return [
    '# Licences of what is installed',
    '',
    `${summary.packages} packages; ${summary.withoutText} carry no licence text.`,
    '',
    ...section(
      'Conflicts with the allow-list',
      summary.conflicts.map((line) => `- ${line}`),
    ),
    ...section(
      'No licence found',
      summary.missing.map((line) => `- ${line}`),
    ),
    ...section('By licence', [
      '| licence | packages |',
      '|---|---:|',
      ...summary.licences.map(({ licence, packages: count }) => `| ${licence} | ${count} |`),
    ]),
    ...section('All packages', [
      '| package | licence | told by | text |',
      '|---|---|---|---|',
      ...packages.map((one) => `| ${label(one)} | ${one.licence ?? ''} | ${one.source} | ${one.licenceFile ?? ''} |`),
    ]),
  ].join('\n');
}

const label = (one: PackageLicence): string => `${one.name}@${one.version}`;

/** How often each occurs, the most frequent first. */
function counted(licences: readonly string[]): AuditSummary['licences'] {
  const counts = new Map<string, number>();
  for (const licence of licences) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  return [...counts]
    .map(([licence, packages]) => ({ licence, packages }))
    .toSorted((one, other) => other.packages - one.packages || one.licence.localeCompare(other.licence));
}
