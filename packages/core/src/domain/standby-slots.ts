// Which slots synchronized_standby_slots must name (R17): those of this region's living standbys. Peers are sent nothing that such a standby lacks, so that
// none of them is ahead of it when it is promoted; one that is dead would hold them up for ever. Pure, with the sentence that is told.
//
// Limit: a standby is added when it has caught up (`streaming`), for peers wait for it from then on; it is taken out when its slot is gone, lost, or has had
// nobody for AWAY_MS_MAX. In between nothing changes: a standby that is started again is not dead. While commits wait for a synchronous standby that is away
// nothing is taken out at all: it may be promoted yet, and is given up by who manages synchronous_standby_names.

/** A physical slot of this server. */
export interface StandbySeen {
  readonly slot: string;
  readonly connected: boolean;
  /** It has caught up, and replays: an archive of the log does not, and is no standby. */
  readonly streaming: boolean;
  /** For how long nobody has used it, in ms; null while somebody does. */
  readonly awayMs: number | null;
  readonly lost: boolean;
}

export interface StandbysSeen {
  readonly standbys: readonly StandbySeen[];
  /** Commits wait for a synchronous standby, and none streams. */
  readonly awaited: boolean;
  /** False: nothing is known of connections. */
  readonly visible: boolean;
}

export interface StandbySlots {
  /** The setting, as it is now. */
  readonly former: string;
  readonly slots: readonly string[];
  readonly sentence: string;
}

export interface StandbyPlan {
  /** Null: it is as it must be. */
  readonly due: StandbySlots | null;
  /** Why nothing can be done about a standby. */
  readonly waiting: readonly string[];
}

export const STANDBY_SETTING = 'synchronized_standby_slots';
const AWAY_MS_MAX = 5_000;

/** `setting`: its value now. */
export function standbySlots(setting: string, { standbys, awaited, visible }: StandbysSeen): StandbyPlan {
  const named = setting.split(',').map((name) => name.trim().replaceAll('"', '')).filter((name) => name !== ''); // prettier-ignore
  const dead = named.flatMap((slot) => {
    const why = whyDead(standbys.find((standby) => standby.slot === slot));
    return why === null ? [] : [{ slot, why }];
  });
  const removed = awaited ? [] : dead;
  const added = standbys.filter(({ slot, streaming, lost }) => streaming && !lost && !named.includes(slot)).map(({ slot }) => slot);
  const waiting = [
    ...(awaited ? dead.map(stillAwaited) : []),
    ...(visible ? [] : standbys.filter(({ connected, slot }) => connected && !named.includes(slot)).map(unseen)),
  ];
  if (removed.length === 0 && added.length === 0) return { due: null, waiting };
  const sentences = [
    ...added.map((slot) => `wait for standby ${slot} from now on: it streams`),
    ...removed.map(({ slot, why }) => `wait for standby ${slot} no more: ${why}`),
  ];
  const slots = [...named.filter((slot) => !removed.some((one) => one.slot === slot)), ...added].toSorted();
  return { due: { former: setting, slots, sentence: sentences.join('; ') }, waiting };
}

function whyDead(standby: StandbySeen | undefined): string | null {
  if (standby === undefined) return 'it has no slot here';
  if (standby.lost) return 'its slot is lost';
  if (standby.connected || (standby.awayMs ?? 0) < AWAY_MS_MAX) return null;
  return `it has been away for more than ${AWAY_MS_MAX} ms`;
}

const stillAwaited = ({ slot, why }: { slot: string; why: string }): string =>
  `peers go on waiting for standby ${slot}: ${why}, but commits wait for a synchronous standby too, and it may be promoted yet`;

const unseen = ({ slot }: StandbySeen): string =>
  `peers do not wait for standby ${slot}: whether it streams cannot be seen, grant pg_read_all_stats to workflow_owner`;
