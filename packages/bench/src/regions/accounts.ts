// What a round of several servers cost, and whom. The first server is that of the home where only one works.
import type { Sql } from '../database.js';
import { coresUsed, type Instant, readInstant } from '../measure/counters.js';
import type { Round } from '../measure/statistics.js';

export interface ServerSeen {
  readonly sql: Sql;
  readonly postmasterPid: number | null;
}

/** Of each server, at nearly one moment. */
export const readInstants = (servers: readonly ServerSeen[]): Promise<Instant[]> =>
  Promise.all(servers.map(({ sql, postmasterPid }) => readInstant(sql, postmasterPid)));

export interface Accounts {
  /** Before the first handler call; when all runs were finished at their homes; when every peer had all of it. */
  readonly from: readonly Instant[];
  readonly finished: readonly Instant[];
  readonly caughtUp: readonly Instant[];
  readonly homes: number;
  readonly steps: number;
  readonly nodeCpuMs: number;
}

/** Of all servers together; and, where one home worked, of it and of each peer. */
export function costOf({ from, finished, caughtUp, homes, steps, nodeCpuMs }: Accounts): Round {
  const whole = spent(sum(from), sum(caughtUp), steps);
  const cores = coresUsed(sum(from), sum(finished), { node: nodeCpuMs });
  const all = { walBytesPerStep: whole.wal, databaseCpuMsPerStep: whole.cpu, nodeCpuMsPerStep: nodeCpuMs / steps, ...cores };
  const peers = from.length - homes;
  if (homes !== 1 || peers === 0) return all;
  const home = spent(from[0]!, caughtUp[0]!, steps);
  const peer = spent(sum(from.slice(1)), sum(caughtUp.slice(1)), steps * peers);
  return {
    ...all,
    homeWalBytesPerStep: home.wal,
    homeCpuMsPerStep: home.cpu,
    peerWalBytesPerStep: peer.wal,
    peerCpuMsPerStep: peer.cpu,
  };
}

export function spent(from: Instant, to: Instant, steps: number): { readonly wal: number; readonly cpu: number | null } {
  const cpuMs = from.databaseCpuMs === null || to.databaseCpuMs === null ? null : to.databaseCpuMs - from.databaseCpuMs;
  return { wal: (to.walBytes - from.walBytes) / steps, cpu: cpuMs === null ? null : cpuMs / steps };
}

function sum(instants: readonly Instant[]): Instant {
  const first = instants[0]!;
  return {
    ...first,
    walBytes: instants.reduce((bytes, one) => bytes + one.walBytes, 0),
    databaseCpuMs: instants.reduce<number | null>(
      (ms, one) => (ms === null || one.databaseCpuMs === null ? null : ms + one.databaseCpuMs),
      0,
    ),
  };
}
