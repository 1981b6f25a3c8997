import {
  type Config,
  type Database,
  type Duty,
  LinkPeer,
  type Logger,
  type MeshDetails,
  MeshReader,
  MeshReconciler,
  MeshStore,
  type Metrics,
} from '@singularity-workflow/core';

export const MESH = Symbol('Mesh');
const EVERY_MS = 1_000;

export interface MeshLinks {
  readonly duty: Duty;
  /** For the health report: what does not come by itself. */
  readonly details: () => MeshDetails;
  readonly close: () => Promise<void>;
}

/** The links with the other regions, made and kept (R2), and what their metrics show. Null without REGIONS. */
export function meshOf(
  { regions }: Config,
  database: Database,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
): MeshLinks | null {
  if (regions === null) return null;
  const addresses = new Map(regions.flatMap(({ id, replication }) => (replication === null ? [] : [[id, replication] as const])));
  const reader = new MeshReader(database);
  const reconciler = new MeshReconciler({
    reader,
    store: new MeshStore(database),
    addresses,
    connect: (url) => new LinkPeer(url),
    logger,
  });
  const duty: Duty = {
    name: 'mesh',
    intervalMs: EVERY_MS,
    async tick(token) {
      const result = await reconciler.round(token);
      await showLinks(reader, reconciler.details(), metrics);
      return result;
    },
    standBy() {
      reconciler.standBy();
      hideLinks(metrics);
    },
  };
  return { duty, details: () => reconciler.details(), close: () => reconciler.close() };
}

async function showLinks(reader: MeshReader, { waiting, wrongSettings }: MeshDetails, metrics: Metrics): Promise<void> {
  const [slots, stats] = await Promise.all([reader.slots(), reader.stats()]);
  hideLinks(metrics);
  for (const { region: peer, lagBytes, lagSeconds, leftBytes, active, healthy, whole } of slots) {
    metrics.linkUp.set({ peer }, active && healthy && whole ? 1 : 0);
    if (lagBytes !== null) metrics.linkLagBytes.set({ peer }, lagBytes);
    if (leftBytes !== null) metrics.linkLogLeftBytes.set({ peer }, leftBytes);
    if (lagSeconds !== null) metrics.linkLagSeconds.set({ peer }, lagSeconds);
  }
  for (const { region: peer, applyErrors, copyErrors, updatesMissing, conflicts } of stats) {
    metrics.linkErrors.set({ peer }, applyErrors + copyErrors);
    metrics.linkUpdatesMissing.set({ peer }, updatesMissing);
    metrics.linkConflicts.set({ peer }, conflicts);
  }
  metrics.linksWaiting.set(waiting.length);
  metrics.settingsWrong.set(wrongSettings.length);
}

/** A peer that left, and a monitor that leads no more, show nothing. */
function hideLinks(metrics: Metrics): void {
  const ofPeers = [metrics.linkUp, metrics.linkLagBytes, metrics.linkLagSeconds, metrics.linkLogLeftBytes];
  const ofLinks = [metrics.linkErrors, metrics.linkUpdatesMissing, metrics.linkConflicts, metrics.linksWaiting, metrics.settingsWrong];
  for (const gauge of [...ofPeers, ...ofLinks]) gauge.reset();
}
