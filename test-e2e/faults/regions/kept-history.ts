// The history of a try that broke a law, for whoever looks for the reason: as it was judged, and what the regions kept of conflicts.
import type { TestDatabase } from '@singularity-workflow/testkit';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegionsHistory } from '../../checker/region-laws.js';

const CONFLICTS = 'select * from workflow.replication_conflicts order by conflict_id';
const LOST = 'select * from workflow.lost_runs order by lost_at, run_id';

/** Answers the file. `databases`: by the regions' names. */
export async function keepHistory(history: RegionsHistory, databases: ReadonlyMap<string, TestDatabase>): Promise<string> {
  const kept = await Promise.all(
    [...databases].map(async ([region, db]) => ({ region, conflicts: await db.sql(CONFLICTS), lost: await db.sql(LOST) })),
  );
  const file = join(mkdtempSync(join(tmpdir(), 'workflow-faults-')), 'history.json');
  writeFileSync(
    file,
    JSON.stringify({ ...history, kept }, (_name, value: unknown) => (value instanceof Map ? [...value] : value)),
  );
  return file;
}
