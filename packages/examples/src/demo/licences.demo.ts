// An audit of what is installed here, in one run: a map over every package; compared with a second look that shares no code with the first.
import type { Client, Run } from '@singularity-workflow/sdk/client';
import { licenceAudit } from '../licences/licence-audit.workflow.js';
import type { AuditSummary } from '../licences/report.js';
import { expectedAudit } from './licences.expected.js';
import { progressBar } from './progress.js';
import type { Check } from './results.js';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;
const TIMEOUT_MS = 120_000;

export interface LicencesDemo {
  readonly checks: Check[];
  readonly seconds: number;
  readonly summary: AuditSummary;
}

export async function auditLicences(client: Client, { root, report }: { root: string; report: string }): Promise<LicencesDemo> {
  const expected = expectedAudit(root);
  const startedAt = performance.now();
  const { run_id } = await client.start({ tenant_id: 'demo', workflow: licenceAudit, input: { root, report } });
  const run = await followed(client, run_id, expected.packages);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (run.output === null) throw new Error(`the audit ${run.status}: ${run.error?.message ?? 'no reason given'}`);
  const summary = run.output.report;
  const checks = [
    { what: 'packages read', expected: expected.packages, actual: summary.packages },
    { what: 'allowed', expected: expected.packages - expected.conflicts - expected.missing, actual: summary.allowed },
    { what: 'in conflict with the allow-list', expected: expected.conflicts, actual: summary.conflicts.length },
    { what: 'without a licence', expected: expected.missing, actual: summary.missing.length },
    { what: 'without a licence text', expected: expected.withoutText, actual: summary.withoutText },
  ];
  return { checks, seconds, summary };
}

/** The run once it has ended; meanwhile a bar over the tasks of its map. */
async function followed(client: Client, runId: string, packages: number): Promise<Run<typeof licenceAudit>> {
  const bar = progressBar('packages', packages);
  const ended = new AbortController();
  const follow = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const { steps } = await client.steps(runId, { limit: 1 });
      const map = steps.find(({ kind }) => kind === 'map');
      if (map?.tasks_total) bar.update(map.tasks_total - (map.tasks_left ?? 0));
      await pause(LOOK_EVERY_MS);
    }
  };
  const following = follow().catch(() => undefined); // only the bar; what is wrong shows in the result
  try {
    const run = await client.waitFor<typeof licenceAudit>(runId, { timeoutMs: TIMEOUT_MS });
    if (run.status === 'completed') bar.update(packages);
    return run;
  } finally {
    ended.abort();
    await following;
    bar.stop();
  }
}
