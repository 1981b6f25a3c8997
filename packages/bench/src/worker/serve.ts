// The worker's side of the protocol: starts and stops the peer as told, reports what its handlers did.
import { nowNs } from '../measure/clock.js';
import { loadPeer } from '../peers/index.js';
import type { PeerWorker, Range } from '../peers/peer.js';
import type { News, Order, WorkerOrigin } from './protocol.js';
import { Tally } from './tally.js';

const PROGRESS_MS = 5;

const tell = (news: News): void => void process.send!(news);

export async function serve(origin: WorkerOrigin): Promise<void> {
  process.on('disconnect', () => process.exit());
  const peer = await loadPeer(origin.peer);
  let tally = new Tally({ first: 0, count: 0 }, origin.shape);
  const worker = peer.worker({ ...origin, handle: (run, step) => tally.note(run, step) });
  let cpu = process.cpuUsage();
  let progress: NodeJS.Timeout | undefined;

  const begin = async (range: Range, watched: boolean): Promise<void> => {
    tally = new Tally(range, origin.shape, watched ? (run, step) => tell({ type: 'call', run, step, atNs: nowNs() }) : undefined);
    cpu = process.cpuUsage();
    progress = setInterval(() => {
      const { calls, firstCallNs } = tally;
      tell({ type: 'progress', calls, pending: worker.pending ?? 0, firstCallNs });
    }, PROGRESS_MS);
    await worker.start(watched ? { first: range.first, count: 0 } : range);
    tell({ type: 'begun' });
  };
  const end = async (): Promise<void> => {
    const { user, system } = process.cpuUsage(cpu);
    clearInterval(progress);
    await worker.stop();
    tell({ type: 'ended', counts: tally.counts, strays: tally.strays, cpuMs: (user + system) / 1_000, counters: worker.counters ?? {} });
  };
  const obey = (order: Order): Promise<void> => {
    if (order.type === 'begin') return begin(order.range, order.watched);
    if (order.type === 'end') return end();
    return submit(worker, order.run);
  };
  process.on('message', (order: Order) => void obey(order).catch(fail));
  process.on('unhandledRejection', fail);
  tell({ type: 'ready' });
}

async function submit(worker: PeerWorker, run: number): Promise<void> {
  const fromNs = nowNs();
  tell({ type: 'submitted', run, fromNs, handle: await worker.submitOne!(run) });
}

function fail(reason: unknown): void {
  tell({ type: 'failed', reason: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) });
}
