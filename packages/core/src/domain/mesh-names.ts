// Names of what links are made of, with the ids of both members in them: a region that comes back under an old name is somebody else. SQL derives the
// same ones (publication_to, subscription_of).

/** The part of a member's id that stands in names. */
export function shortId(memberId: string): string {
  return memberId.replaceAll('-', '').slice(0, 12);
}

export function publicationTo(destination: string): string {
  return `pub_to_${shortId(destination)}`;
}

export function subscriptionOf(me: string, them: string): string {
  return `sub_${shortId(me)}_from_${shortId(them)}`;
}

/** The first slot of a link is named as its subscription; one that is made because the former was lost has its generation behind that. */
export function slotOf({ me, them, generation }: { me: string; them: string; generation: number }): string {
  return generation <= 1 ? subscriptionOf(me, them) : `${subscriptionOf(me, them)}_${generation}`;
}

/** A pg_lsn as a number that can be compared. Throws where it is none. */
export function positionOf(lsn: string): bigint {
  const parts = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(lsn);
  if (parts === null) throw new RangeError(`'${lsn}' is no position in a log`);
  return (BigInt(`0x${parts[1]}`) << 32n) + BigInt(`0x${parts[2]}`);
}
