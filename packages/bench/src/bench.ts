// The whole: a server, the contest, the report. Answers with the exit code: 1 when a peer failed or an output was not what it must be.
import { Contest, type Contestant, type Scores } from './contest.js';
import type { Options } from './options.js';
import { loadPeer } from './peers/index.js';
import type { Peer, Settings } from './peers/peer.js';
import { chart } from './report/chart.js';
import { commit, machine, versions } from './report/machine.js';
import { type Result, troublesOf, workloadsOf } from './report/result.js';
import { save, writeJson } from './report/save.js';
import { tables } from './report/table.js';
import { Server } from './server.js';
import { WORKLOADS } from './workloads/index.js';
import type { WorkloadName } from './workloads/names.js';

const log = (line: string): void => void process.stderr.write(`${(performance.now() / 1_000).toFixed(1).padStart(6)} ${line}\n`);

export async function bench(options: Options): Promise<number> {
  const peers = await Promise.all(options.peers.map(loadPeer));
  const contestants = peers.flatMap((peer) => contestantsOf(peer, options));
  const server = options.databaseUrl === null ? await Server.start() : await Server.given(options.databaseUrl);
  stopOnSignals(server);
  try {
    const result = await resultOf(options, { peers, contestants, server });
    return report(options, result);
  } finally {
    await server.stop();
  }
}

/** In a sweep one for each candidate, else one with the tuned settings and what `--set` changes of them. */
function contestantsOf(peer: Peer, { sweep, set, sizes }: Options): Contestant[] {
  if (sweep) return peer.candidates.map((settings) => ({ key: `${peer.name} ${sentenceOf(settings)}`, peer, settings }));
  const changed = Object.entries(set).flatMap(([name, value]) => (name.startsWith(`${peer.name}.`) ? [[name.split('.')[1], value]] : []));
  return [
    {
      key: peer.name,
      peer,
      settings: { ...peer.settings, ...(sizes.name === 'tiny' && { workers: 1 }), ...(Object.fromEntries(changed) as Settings) },
    },
  ];
}

const sentenceOf = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

interface Field {
  readonly peers: readonly Peer[];
  readonly contestants: readonly Contestant[];
  readonly server: Server;
}

async function resultOf({ sizes, only, isWhole }: Options, { peers, contestants, server }: Field): Promise<Result> {
  const about = {
    date: new Date().toISOString(),
    mode: sizes.name,
    part: isWhole ? null : only,
    commit: commit(),
    machine: machine(),
    versions: await versions(server, peers),
    postgresql: await server.settings(),
    notes: Object.fromEntries(contestants.map(({ key, peer }) => [key, notesOf(peer, only)])),
  };
  const contest = new Contest({ server, sizes, log });
  const scores = new Map<string, Scores>();
  for (const workload of WORKLOADS.filter(({ name, sequel }) => only.includes(name) || (sequel && only.includes(sequel.name)))) {
    if (contest.isAlmostOver) log(`${workload.name}: no time left after ${Math.round(contest.seconds)} s`);
    else for (const [name, score] of await contest.hold(workload, contestants, only)) scores.set(name, score);
  }
  const all = [...contestants, ...contest.others];
  return {
    ...about,
    seconds: Math.round(contest.seconds),
    settings: Object.fromEntries(all.map(({ key, settings }) => [key, settings])),
    labels: labelsOf(all, about.versions),
    workloads: workloadsOf(scores),
  };
}

function notesOf(peer: Peer, only: readonly WorkloadName[]): Record<string, string> {
  return Object.fromEntries(Object.entries(peer.takesPart).filter(([name, note]) => note !== '' && only.includes(name as WorkloadName)));
}

function labelsOf(contestants: readonly Contestant[], versionsOf: Result['versions']): Record<string, string> {
  return Object.fromEntries(
    contestants.map(({ key, label, peer }) => [key, label ?? (key === peer.name ? labelOf(peer, versionsOf) : key)]),
  );
}

const labelOf = ({ label, packageName }: Peer, known: Result['versions']): string =>
  packageName === null ? label : `${label} ${known[packageName] ?? ''}`;

function report(options: Options, result: Result): number {
  const say = options.json === null ? (text: string): void => void process.stdout.write(`${text}\n`) : log;
  const labels = new Map(Object.entries(result.labels));
  say(tables(result, labels));
  if (options.save) for (const path of save(result, chart(result, labels))) log(`kept: ${path}`);
  if (options.json !== null) writeJson(options.json, result);
  const troubles = troublesOf(result);
  for (const trouble of troubles) log(`NOT GOOD: ${trouble}`);
  return troubles.length > 0 ? 1 : 0;
}

/** Ctrl-C leaves no server and no gigabytes behind. */
function stopOnSignals(server: Server): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void Promise.allSettled([server.stop(), Server.stopAll()]).finally(() => process.exit(130)));
}
