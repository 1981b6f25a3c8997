// The worker processes of one peer on one site, as the bench sees them: begin, wait, end.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from '../measure/clock.js';
import { memoryMiB } from '../measure/processor.js';
import { type PeerName, type Range, setting, type Site } from '../peers/peer.js';
import type { News, Order } from './protocol.js';
import { mistakesInCalls } from './tally.js';

const READY_LIMIT_MS = 30_000;
const PROGRAM = fileURLToPath(new URL('./main.js', import.meta.url));
/** graphile-worker logs every success unless this says otherwise; its own performance test sets it too. */
const ENVIRONMENT = fileURLToPath(new URL('../../peers.env', import.meta.url));

export interface Ended {
  readonly mistakes: string[];
  readonly cpuMs: number;
  /** Of all processes together. */
  readonly counters: Readonly<Record<string, number>>;
}

export type CallListener = (run: number, step: number, atNs: bigint) => void;
export interface Submitted {
  readonly fromNs: bigint;
  readonly handle: string;
}

class Member {
  readonly child: ChildProcess;
  calls = 0;
  pending = 0;
  firstCallNs: bigint | null = null;
  readonly states = new Set<News['type']>();
  ended: Extract<News, { type: 'ended' }> | null = null;
  failure: string | null = null;
  onCall: CallListener = () => undefined;
  onSubmitted: (submitted: Submitted) => void = () => undefined;

  constructor(peer: PeerName, site: Site, index: number) {
    const origin = JSON.stringify({ peer, index, ...site });
    this.child = fork(PROGRAM, [origin], {
      serialization: 'advanced',
      execArgv: [`--env-file=${ENVIRONMENT}`, '--disable-warning=DeprecationWarning'],
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.child.on('message', (news: News) => this.hear(news));
    this.child.once('exit', (code, signal) => (this.failure ??= `a worker of ${peer} ended by itself (${code ?? signal})`));
  }

  give(order: Order): void {
    this.child.send(order);
  }

  private hear(news: News): void {
    this.states.add(news.type);
    if (news.type === 'progress') {
      this.calls = news.calls;
      this.pending = news.pending;
      this.firstCallNs = news.firstCallNs;
    } else if (news.type === 'call') this.onCall(news.run, news.step, news.atNs);
    else if (news.type === 'submitted') this.onSubmitted(news);
    else if (news.type === 'ended') this.ended = news;
    else if (news.type === 'failed') this.failure = news.reason;
  }
}

export class WorkerGroup {
  private readonly members: Member[];

  private constructor(peer: PeerName, site: Site) {
    this.members = Array.from({ length: setting(site.settings, 'workers') }, (_, index) => new Member(peer, site, index));
  }

  static async launch(peer: PeerName, site: Site): Promise<WorkerGroup> {
    const group = new WorkerGroup(peer, site);
    await group.all('workers are ready', (member) => member.states.has('ready'), READY_LIMIT_MS);
    return group;
  }

  /** Resolves when all look for work. */
  async begin(range: Range, onCall?: CallListener): Promise<void> {
    for (const member of this.members) {
      Object.assign(member, { calls: 0, pending: 0, firstCallNs: null, ended: null, onCall: onCall ?? (() => undefined) });
      member.states.delete('begun');
      member.give({ type: 'begin', range, watched: onCall !== undefined });
    }
    await this.all('workers look for work', (member) => member.states.has('begun'), READY_LIMIT_MS);
  }

  get calls(): number {
    return this.members.reduce((sum, member) => sum + member.calls, 0);
  }

  get pending(): number {
    return this.members.reduce((sum, member) => sum + member.pending, 0);
  }

  /** Of any worker. */
  get firstCallNs(): bigint | null {
    const firsts = this.members.flatMap((member) => member.firstCallNs ?? []);
    return firsts.length === 0 ? null : firsts.reduce((least, one) => (one < least ? one : least));
  }

  /** Of the largest process, in its whole life; null where it cannot be seen. */
  get peakMiB(): number | null {
    const peaks = this.members.map(({ child }) => memoryMiB(child.pid ?? 0, 'peak')).filter((mib) => mib !== null);
    return peaks.length === 0 ? null : Math.max(...peaks);
  }

  /** Throws what a worker failed of, if one has. */
  assertHealthy(): void {
    const failure = this.members.find((member) => member.failure !== null)?.failure;
    if (failure) throw new Error(failure);
  }

  submitOne(run: number): Promise<Submitted> {
    const [member] = this.members as [Member];
    return new Promise((resolve) => {
      member.onSubmitted = resolve;
      member.give({ type: 'submit', run });
    });
  }

  async end(): Promise<Ended> {
    for (const member of this.members) member.give({ type: 'end' });
    await this.all('workers have stopped', (member) => member.ended !== null, READY_LIMIT_MS);
    const ended = this.members.map((member) => member.ended!);
    const strays = ended.reduce((sum, one) => sum + one.strays, 0);
    const counts = ended.map((one) => one.counts);
    return {
      mistakes: mistakesInCalls(counts, strays),
      cpuMs: ended.reduce((sum, one) => sum + one.cpuMs, 0),
      counters: sumOf(ended.map((one) => one.counters)),
    };
  }

  /** They end when the channel closes; what does not is killed. */
  async close(): Promise<void> {
    const gone = this.members.map(
      ({ child }) => new Promise<void>((resolve) => (child.exitCode === null ? child.once('exit', () => resolve()) : resolve())),
    );
    for (const { child } of this.members) if (child.connected) child.disconnect();
    const killer = setTimeout(() => this.members.forEach(({ child }) => child.kill('SIGKILL')), 5_000);
    await Promise.all(gone);
    clearTimeout(killer);
  }

  private all(what: string, isSo: (member: Member) => boolean, limitMs: number): Promise<void> {
    const check = (): boolean => {
      this.assertHealthy();
      return this.members.every(isSo);
    };
    return until(what, check, { everyMs: 2, limitMs });
  }
}

function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [name, value] of all.flatMap(Object.entries<number>)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
