// A release beside the next one, over the migration between them: the new services wait for their schema, the database is migrated under load, both
// work side by side, the old ones are drained. Runs that the old release started and holds go on to their ends; each definition is run by a process
// that has it. A try goes from one release to the next.
//
// What stands for the next release is a copy of this one with one more schema file, another text of a function and its own version of a workflow
// (see harness/release.ts): it shows how services and migration behave, not that a change of the schema is a compatible one.
import { waitFor } from '@singularity-workflow/testkit';
import type { Acknowledged } from '../checker/history.js';
import { moment } from '../harness/moment.js';
import type { Region } from '../harness/region.js';
import { migrateTo, nextRelease, type Release, thisRelease } from '../harness/release.js';
import type { Service } from '../harness/service.js';
import type { Fault, Scenario } from './scenario.js';
import type { Trial } from './trial.js';

const APPS = ['router', 'scheduler', 'executor', 'failover-monitor'] as const;
const RUNS = 20;
const LIMIT_MS = 60_000;

export const twoVersions: Scenario = {
  name: 'two-versions',
  measured: 'from the end of the migration until all services of the next release are ready',
  boundMs: null,
  region: {},
  prepare,
};

async function prepare(region: Region): Promise<Fault> {
  let release = thisRelease();
  return {
    strike: async (trial) => {
      const next = nextRelease(release, region.folder);
      await upgrade(trial, release, next);
      release = next;
    },
  };
}

async function upgrade(trial: Trial, before: Release, next: Release): Promise<void> {
  const { region } = trial;
  const former = APPS.map((app) => region.of(app)[0]!);
  const gate = trial.named('upgraded');
  const old = await trial.submit('e2e-versioned', RUNS, { gates: [gate] });
  const held = await trial.submit('e2e-held', RUNS, { gates: [gate] });
  await region.started(former[2]!, 2 * RUNS);
  const late = trial.wanted('e2e-chain', RUNS).map((run) => ({ ...run, runAt: new Date(Date.now() + 4_000) }));
  await trial.submitAll(late);

  const successors = APPS.map((app) => region.launch(app, envOf(app, next), next.folder));
  await waitUnready(trial, successors, tooOld(before, next));
  trial.same('workers of the next release before its schema', successors[2]!.events('worker_registered'), []);
  const load = trial.submit('e2e-chain', 10 * RUNS, { workMs: 20 });
  await migrateTo(next, region.db.url());
  const migratedAt = moment();
  await Promise.all(successors.map((service) => service.ready()));
  trial.measured('ready', moment() - migratedAt);
  await load;
  await waitUnready(trial, former, tooNew(next, before));

  await sideBySide(trial, former[2]!, [before, next]);
  region.open(gate);
  await region.settled([...old, ...held]);
  await trial.outputsAreRight(old, said(ranBy(before)));
  await trial.outputsAreRight(
    held,
    said(({ n }) => ({ hold: { n, by: former[2]!.name } })),
  );
  await region.speakTo(successors[0]!);
  for (const service of former) service.signal('SIGTERM');
  for (const service of former) trial.same(`how ${service.name} ends`, await service.exited, { code: 0, signal: null });
  await trial.submit('e2e-chain', RUNS);
  await region.settled();
  await trial.outputsAreRight(trial.acknowledged.filter(({ workflow }) => workflow === 'e2e-chain'));
}

const envOf = (app: (typeof APPS)[number], { number }: Release) => (app === 'executor' ? { E2E_RELEASE: String(number) } : {});

const tooOld = (have: Release, need: Release): string => `the schema is too old: ${versions(have, need)}`;
const tooNew = (have: Release, need: Release): string => `the schema is too new: ${versions(have, need)}`;
const versions = (have: Release, need: Release): string =>
  `the database has version ${have.schemaVersion}, this process needs ${need.schemaVersion}`;

/** They live, and say what they wait for. */
async function waitUnready(trial: Trial, services: readonly Service[], sentence: string): Promise<void> {
  for (const service of services) {
    const says = async () => (await service.reasonsNotReady())?.includes(sentence);
    await waitFor(says, { until: `${service.name} says that ${sentence}`, timeoutMs: LIMIT_MS });
    trial.holds(`${service.name} lives`, service.ended === null);
  }
}

/** Started now, a run is of the new definition; the old executor, which has no handler for its step, gives back what it claims of it. */
async function sideBySide(trial: Trial, oldExecutor: Service, [before, next]: readonly [Release, Release]): Promise<void> {
  const { region } = trial;
  const runs = await trial.submit('e2e-versioned', RUNS, { gates: [] });
  await trial.submit('e2e-chain', 5 * RUNS);
  await region.settled(runs);
  await trial.outputsAreRight(runs, said(ranBy(next)));
  const ids = new Set(runs.map(({ runId }) => runId));
  const wrong = region.startsIn(oldExecutor).filter(({ runId }) => ids.has(runId));
  trial.same(`runs of release ${next.number} in the executor of release ${before.number}`, wrong.length, 0);
}

const ranBy =
  ({ number }: Release) =>
  ({ n }: { n: number }): unknown => ({ [`hold${number}`]: { n, release: number } });

const said =
  (output: (input: { n: number }) => unknown) =>
  ({ input }: Acknowledged): unknown =>
    output(input as { n: number });
