// What the bench and its worker processes say to each other, over Node's channel between parent and child.
import type { PeerName, Range, Settings } from '../peers/peer.js';
import type { Shape } from '../shape.js';

/** The only argument of a worker process, as JSON. */
export interface WorkerOrigin {
  readonly peer: PeerName;
  readonly url: string;
  readonly shape: Shape;
  readonly settings: Settings;
  readonly index: number;
}

export type Order =
  /** Look for work from now on. `watched`: runs come one by one, and every handler call is told at once. */
  | { readonly type: 'begin'; readonly range: Range; readonly watched: boolean }
  | { readonly type: 'submit'; readonly run: number }
  /** Stop looking for work and hang up. */
  | { readonly type: 'end' };

export type News =
  | { readonly type: 'ready' }
  | { readonly type: 'begun' }
  /** Of this round, every few milliseconds. */
  | { readonly type: 'progress'; readonly calls: number; readonly pending: number; readonly firstCallNs: bigint | null }
  | { readonly type: 'call'; readonly run: number; readonly step: number; readonly atNs: bigint }
  | { readonly type: 'submitted'; readonly run: number; readonly fromNs: bigint; readonly handle: string }
  /** `counts`: of each step of each run of the range, how often its handler was called. `cpuMs`, `counters`: since `begin`. */
  | {
      readonly type: 'ended';
      readonly counts: Uint8Array;
      readonly strays: number;
      readonly cpuMs: number;
      readonly counters: Readonly<Record<string, number>>;
    }
  | { readonly type: 'failed'; readonly reason: string };
