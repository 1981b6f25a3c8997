// What a workload is: something that a peer, alone in a fresh database, does in rounds. Rounds of the peers are interleaved by the contest.
import type { Round } from '../measure/statistics.js';
import type { Contestant } from '../contest.js';
import type { Peer, Settings, Site } from '../peers/peer.js';
import type { Server } from '../server.js';
import type { Shape } from '../shape.js';
import type { Sizes } from '../sizes.js';
import { WorkerGroup } from '../worker/group.js';
import type { WorkloadName } from './names.js';

/** A peer with its settings, in a database of its own. */
export interface Stand {
  readonly peer: Peer;
  readonly settings: Settings;
  readonly url: string;
  readonly sizes: Sizes;
  /** Whose runs they are, where it matters. */
  readonly tenants?: readonly string[];
  /** Where more databases like this one are made; whoever makes one drops it. */
  readonly server: Pick<Server, 'databaseFor' | 'drop'>;
  /** Of the server; null where it cannot be seen. */
  readonly postmasterPid: number | null;
  /** Progress of what takes long. */
  readonly log: (line: string) => void;
}

export interface Trial {
  /** Whatever must have been done before the first round; alone on the machine. */
  warmUp(): Promise<void>;
  round(): Promise<RoundReport>;
  /** Whatever makes a sequel of the rounds that were. */
  beginSequel?(): Promise<void>;
  close(): Promise<void>;
}

export interface RoundReport {
  readonly metrics: Round;
  /** Sentences; none is what must be. */
  readonly mistakes: readonly string[];
}

export interface Workload {
  readonly name: WorkloadName;
  /** One line for the report. */
  readonly title: string;
  readonly shape: Shape;
  /** The same trials go on under another name, in what their rounds have left. */
  readonly sequel?: { readonly name: WorkloadName; readonly title: string };
  /** Who takes part, where it is not every peer that can do it. */
  entrants?(contestants: readonly Contestant[], sizes: Sizes): Promise<readonly Contestant[]>;
  /** Makes data and processes, maybe while others do so too. Throws `Skipped` for what this machine lacks. */
  open(stand: Stand): Promise<Trial>;
}

/** Nothing is wrong, but this cannot be measured here; the message is the reason. */
export class Skipped extends Error {}

/** The peer's processes, with the address that is theirs. */
export async function launchWorkers(stand: Stand, shape: Shape): Promise<WorkerGroup> {
  const url = (await stand.peer.workerUrl?.(stand.url)) ?? stand.url;
  return WorkerGroup.launch(stand.peer.name, { ...siteOf(stand, shape), url });
}

export const siteOf = ({ url, settings, tenants }: Stand, shape: Shape): Site => ({ url, settings, shape, ...(tenants && { tenants }) });
