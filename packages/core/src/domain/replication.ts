// What is wrong with those who copy from the primary: sentences for /health. Pure.

/** A peer as replication_peers saw it. */
export interface ReplicationPeerSeen {
  readonly peer: string;
  readonly connected: boolean;
  readonly lagBytes: number | null;
  readonly retainedBytes: number | null;
  readonly lost: boolean;
}

/**
 * A slot that is lost, one that keeps more than `lagBytesMax` for a peer that is away, and a connected peer that is further behind than that. A peer that
 * is away for a while is no problem yet: that is what its slot is for.
 */
export function replicationProblems(peers: readonly ReplicationPeerSeen[], lagBytesMax: number): string[] {
  return peers.flatMap(({ peer, connected, lagBytes, retainedBytes, lost }) => {
    if (lost) return [`replication slot ${peer} is lost: the log that its replica needs is gone, it must be made anew`];
    if (!connected && (retainedBytes ?? 0) > lagBytesMax)
      return [`replication slot ${peer} keeps ${retainedBytes} bytes of log for a replica that is not connected`];
    if (connected && (lagBytes ?? 0) > lagBytesMax) return [`replica ${peer} is ${lagBytes} bytes behind`];
    return [];
  });
}
