// `npm run demo`: both examples over real input, through the REST API of a region that runs.
import { join } from 'node:path';
import { stdout } from 'node:process';
import { createClient } from '@singularity-workflow/sdk/client';
import type { AuditSummary } from '../licences/report.js';
import { auditLicences } from './licences.demo.js';
import { fulfilOrders } from './orders.demo.js';
import { asItMustBe, checksTable, countsTable } from './results.js';

export interface DemoOptions {
  /** Routers of the region. */
  readonly urls: readonly string[];
  /** The repository: its node_modules is audited. */
  readonly root: string;
  /** Where the orders and the report are written. */
  readonly dataDir: string;
}

const SHOWN_LICENCES = 6;

/** Prints what it does and what came out; true when every number is as it must be. */
export async function runDemo({ urls, root, dataDir }: DemoOptions): Promise<boolean> {
  const client = createClient({ urls });
  const say = (text: string): void => void stdout.write(`${text}\n`);

  say('Licence audit: one run, a map over every package that is installed here');
  const audit = await auditLicences(client, { root, report: join(dataDir, 'licences.md') });
  say(checksTable(audit.checks));
  say(licencesTable(audit.summary));
  for (const conflict of audit.summary.conflicts) say(`  conflict: ${conflict}`);
  say(`  took ${audit.seconds.toFixed(1)} s; report: ${audit.summary.report}\n`);

  say('Order fulfilment: a run per order of a generated file; some fail at first, a few for good');
  const orders = await fulfilOrders(client, join(dataDir, 'orders.json'));
  say(checksTable(orders.checks));
  say(countsTable('why orders failed', Object.entries(orders.failures)));
  say(`  took ${orders.seconds.toFixed(1)} s; orders: ${join(dataDir, 'orders.json')}\n`);

  const wrong = [...audit.checks, ...orders.checks].filter((check) => !asItMustBe(check));
  say(
    wrong.length === 0
      ? 'Every number is as it must be.'
      : `${wrong.length} numbers are not as they must be: ${wrong.map(({ what }) => what).join(', ')}.`,
  );
  return wrong.length === 0;
}

const licencesTable = ({ licences }: AuditSummary): string =>
  countsTable(
    'licence',
    licences.slice(0, SHOWN_LICENCES).map(({ licence, packages }) => [licence, packages]),
  );
