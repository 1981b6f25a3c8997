// The primary's Patroni and its PostgreSQL are killed (kill -9) under load; the standby takes over, the old primary comes back as its standby, and in
// the end a planned switchover makes it primary again, so that the next try begins as this one did.
//
// Needs packages that a machine may lack (infra/patroni). What a killed primary costs is first of all Patroni's `ttl` (20 s here, 30 s by default):
// until it is over nobody may say that the primary is dead.
import { waitFor } from '@singularity-workflow/testkit';
import { say } from '../harness/load.js';
import { moment } from '../harness/moment.js';
import { type ClusterOptions, type Killed, PatroniCluster } from '../harness/patroni.js';
import type { Region } from '../harness/region.js';
import { Stream } from '../harness/stream.js';
import { Outage } from './outage.js';
import type { Fault, Scenario } from './scenario.js';
import type { Trial } from './trial.js';

const LIMIT_MS = 120_000;
const EVERY_MS = 50;

const onCluster = (options: ClusterOptions = {}): Scenario['region'] => ({ executors: 2, place: () => PatroniCluster.start(options) });

export const primaryKilled: Scenario = {
  name: 'patroni-failover',
  measured: "after kill -9 of the primary, and in a switchover; Patroni's ttl is 20 s",
  boundMs: null,
  region: onCluster(),
  skip: () => PatroniCluster.whyNot(),
  prepare: async (region): Promise<Fault> => ({ strike: (trial) => failOverAndBack(trial, clusterOf(region)) }),
};

/** Patroni alone: its PostgreSQL runs on, believes that it is primary, and has nobody who would tell it otherwise. */
export const patroniKilled: Scenario = {
  ...primaryKilled,
  name: 'patroni-killed',
  measured: "after kill -9 of the primary's Patroni alone, and in a switchover; Patroni's ttl is 20 s",
  prepare: async (region): Promise<Fault> => ({ strike: (trial) => failOverAndBack(trial, clusterOf(region), { only: 'patroni' }) }),
};

/** PostgreSQL alone: Patroni starts it again where it was. */
export const postgresKilled: Scenario = {
  ...primaryKilled,
  name: 'postgres-killed',
  measured: "after kill -9 of the primary's PostgreSQL alone",
  prepare: async (region): Promise<Fault> => ({ strike: (trial) => crashInPlace(trial, clusterOf(region)) }),
};

/** Without synchronous replication, and with a primary that sends nothing for a moment before it is killed: runs are lost, and that must be seen. */
export const primaryKilledUnreplicated: Scenario = {
  ...primaryKilled,
  name: 'patroni-failover-unreplicated',
  region: onCluster({ synchronous: false }),
  prepare: async (region): Promise<Fault> => ({ strike: (trial) => loseWhatOnlyThePrimaryHas(trial, clusterOf(region)) }),
};

function clusterOf({ place }: Region): PatroniCluster {
  if (place instanceof PatroniCluster) return place;
  throw new Error('this region has no cluster');
}

async function failOverAndBack(trial: Trial, cluster: PatroniCluster, how: Killed = {}): Promise<void> {
  const first = (await cluster.primary())!;
  const second = cluster.members.find((name) => name !== first)!;
  const load = new Stream(trial);
  await load.more(100 + 200 * trial.random());
  await load.queued();

  const killedAt = moment();
  const outage = new Outage(trial, 'killed');
  await cluster.kill(first, how);
  await isPrimary(cluster, second);
  trial.crashes.push({ from: killedAt, to: moment() });
  outage.seen('new primary');
  await outage.over();
  await load.more(100);

  const startedAt = moment();
  await cluster.start(first);
  await cluster.follows(first);
  say(`the old primary follows ${((moment() - startedAt) / 1_000).toFixed(1)} s after its start`); // nobody waits for it: no part of the recovery
  await load.queued();

  const switchover = new Outage(trial, 'switchover');
  await cluster.switchover(first);
  await isPrimary(cluster, first);
  switchover.seen('new primary');
  await switchover.over();
  await load.more(50);
  await load.stop();
  await cluster.follows(second);
  await allIsWell(trial);
}

async function crashInPlace(trial: Trial, cluster: PatroniCluster): Promise<void> {
  const primary = (await cluster.primary())!;
  const load = new Stream(trial);
  await load.more(100 + 200 * trial.random());
  await load.queued();
  const from = moment();
  const outage = new Outage(trial, 'killed');
  await cluster.kill(primary, { only: 'postgres' });
  await outage.over();
  trial.crashes.push({ from, to: moment() });
  await load.more(50);
  await load.stop();
  trial.same('the primary', await cluster.primary(), primary);
  await cluster.follows(cluster.members.find((name) => name !== primary)!);
  await allIsWell(trial);
}

async function allIsWell(trial: Trial): Promise<void> {
  const { region } = trial;
  await region.settled(null, { timeoutMs: LIMIT_MS });
  const ended = region.services.filter((service) => service.ended !== null);
  trial.same(
    'processes that ended',
    ended.map(({ name }) => name),
    [],
  );
  await trial.outputsAreRight(trial.acknowledged);
}

async function loseWhatOnlyThePrimaryHas(trial: Trial, cluster: PatroniCluster): Promise<void> {
  const first = (await cluster.primary())!;
  const second = cluster.members.find((name) => name !== first)!;
  await trial.submit('e2e-chain', 20);
  await trial.region.settled();
  await cluster.holdBack(first);
  await trial.submit('e2e-chain', 20);
  const from = moment();
  await cluster.kill(first);
  await isPrimary(cluster, second);
  trial.crashes.push({ from, to: moment() });
  await waitFor(async () => (await trial.submit('e2e-chain', 1)).length === 1, { until: 'it takes runs again', timeoutMs: LIMIT_MS });
  await cluster.start(first);
  await cluster.follows(first);
}

async function isPrimary(cluster: PatroniCluster, name: string): Promise<void> {
  await waitFor(async () => (await cluster.primary()) === name, { until: `${name} is primary`, timeoutMs: LIMIT_MS, everyMs: EVERY_MS });
}
