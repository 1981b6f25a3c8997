// Which slots synchronized_standby_slots must name (R17): those of this region's living standbys. Peers are sent nothing that such a standby lacks, so that
// none of them is ahead of it when it is promoted; one that is dead would hold them up for ever. Pure, with the sentence that is told.
//
// Limit: a standby is added when it has caught up (`streaming`), for peers wait for it from then on; it is taken out when its slot is gone, lost, or has had
// nobody for AWAY_MS_MAX. In between nothing changes: a standby that is started again is not dead.

/** A physical slot of this server. */
export interface StandbySeen {
  readonly slot: string;
  readonly connected: boolean;
  /** Connected, and it has caught up. */
  readonly streaming: boolean;
  /** For how long nobody has used it, in ms; null while somebody does. */
  readonly awayMs: number | null;
  readonly lost: boolean;
}

export interface StandbySlots {
  readonly slots: readonly string[];
  readonly sentence: string;
}

export const STANDBY_SETTING = 'synchronized_standby_slots';
const AWAY_MS_MAX = 5_000;

/** `setting`: its value now. Null: it is as it must be. */
export function standbySlots(setting: string, standbys: readonly StandbySeen[]): StandbySlots | null {
  const named = setting.split(',').map((name) => name.trim().replaceAll('"', '')).filter((name) => name !== ''); // prettier-ignore
  const dead = named.flatMap((slot) => {
    const why = whyDead(standbys.find((standby) => standby.slot === slot));
    return why === null ? [] : [{ slot, why }];
  });
  const added = standbys.filter(({ slot, streaming, lost }) => streaming && !lost && !named.includes(slot)).map(({ slot }) => slot);
  if (dead.length === 0 && added.length === 0) return null;
  const sentences = [
    ...added.map((slot) => `peers wait for standby ${slot} from now on: it streams`),
    ...dead.map(({ slot, why }) => `peers wait for standby ${slot} no more: ${why}`),
  ];
  const slots = [...named.filter((slot) => !dead.some((one) => one.slot === slot)), ...added].toSorted();
  return { slots, sentence: sentences.join('; ') };
}

function whyDead(standby: StandbySeen | undefined): string | null {
  if (standby === undefined) return 'it has no slot here';
  if (standby.lost) return 'its slot is lost';
  if (standby.connected || (standby.awayMs ?? 0) < AWAY_MS_MAX) return null;
  return `it has been away for more than ${AWAY_MS_MAX} ms`;
}
