// The contestants by name. Each is loaded when it is needed: a worker process holds its own peer's code only.
import type { Peer, PeerName } from './peer.js';

const LOADERS: Record<PeerName, () => Promise<Peer>> = {
  ours: async () => (await import('./ours.js')).ours,
  dbos: async () => (await import('./dbos.js')).dbos,
  graphile: async () => (await import('./graphile.js')).graphile,
  graphileBatched: async () => (await import('./graphile.js')).graphileBatched,
  pgboss: async () => (await import('./pgboss.js')).pgboss,
  floor: async () => (await import('./floor.js')).floor,
};

export const loadPeer = (name: PeerName): Promise<Peer> => LOADERS[name]();
