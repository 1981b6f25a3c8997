// The database of a region as a cluster under Patroni. Minutes, and packages that a machine may lack: a command of its own (`patroni-failover`).
// The same scenarios, any number of times: `pnpm test:faults --only patroni-failover`.
import { patroniKilled, postgresKilled, primaryKilled, primaryKilledUnreplicated } from '../faults/database-failover.js';
import { rehearse } from '../faults/rehearsal.js';
import { expectNoViolation } from '../faults/short-form.js';
import { randomOf } from '../harness/load.js';

const missing = primaryKilled.skip!();
if (missing !== null) process.stderr.write(`skipped: ${missing}\n`);
const on = missing === null ? it : it.skip;
const why = missing === null ? '' : ` (skipped: ${missing})`;

on(`loses nothing when the primary is killed, nor when it is changed in order${why}`, expectNoViolation(primaryKilled, 2));

on(`loses nothing when only the primary's Patroni is killed, and a former primary runs on${why}`, expectNoViolation(patroniKilled));

on(`loses nothing when only the primary's PostgreSQL is killed, which starts again${why}`, expectNoViolation(postgresKilled));

on(`would see what a primary lost that had not replicated it${why}`, seesWhatIsLost);

async function seesWhatIsLost(): Promise<void> {
  const { verdicts, failures } = await rehearse(primaryKilledUnreplicated, { tries: 1, random: randomOf('unreplicated') });
  expect(failures).toEqual([]);
  const violations = verdicts.flatMap((verdict) => verdict.violations);
  expect(violations.filter((sentence) => sentence.includes('was acknowledged and is not stored')).length).toBeGreaterThan(0);
}
