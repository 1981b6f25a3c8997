// What the reconciler of the mesh does about what it sees: pure, each action with the sentence that is logged. Links are wanted with every member that is
// not gone; whatever is missing, stale or left over becomes an action. What it changes is seen at the next look, so that an action that was lost, or
// came twice, does no harm.
//
// Limit: a peer gets at most one action each way per look. Nothing here enables a sealed link: unseal decides that itself (D5).
import { positionOf, slotOf, subscriptionOf } from './mesh-names.js';
import type { StandbySlots } from './standby-slots.js';

export interface OwnSide {
  readonly memberId: string;
  readonly region: string;
  /** Of this database: what it can send and take. */
  readonly schema: number;
  /** What travels under that version: table -> columns. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** What its subscriptions' synchronous_commit must be: `on` where there is a standby (R17). */
  readonly commit: 'on' | 'off';
}

/** One row of observe_links. */
export interface LinkSeen {
  readonly memberId: string;
  readonly region: string;
  readonly peerSchema: number | null;
  readonly publishedVersion: number | null;
  /** Null: there is none. */
  readonly publicationStale: boolean | null;
  readonly generation: number;
  readonly subscribed: boolean;
  readonly enabled: boolean;
  readonly slot: string | null;
  readonly commit: string | null;
  readonly addressSha256: string | null;
  readonly tables: readonly string[];
  /** Null: it never had any. */
  readonly tablesToCopy: number | null;
  readonly copiedPosition: string | null;
  /** How far its worker has applied the peer's log; read before the peer was asked. */
  readonly appliedPosition: string | null;
  readonly whole: boolean;
  readonly sealed: boolean;
  readonly outdated: boolean;
}

export interface SlotSeen {
  readonly name: string;
  readonly active: boolean;
  readonly confirmed: string | null;
  readonly lost: boolean;
}

/** What the peer's database answered over the way that the link takes (offer_to). */
export interface Offer {
  readonly schema: number;
  /** Where its log ends. */
  readonly flushed: string;
  /** Table -> columns of its publication to us; null: it has none yet. */
  readonly publication: Readonly<Record<string, readonly string[]>> | null;
  readonly slots: readonly SlotSeen[];
}

/** `silent`: why nothing is known of the peer now, as the end of a sentence. */
export type PeerAnswer = { readonly offer: Offer } | { readonly silent: string };

export interface PeerSeen {
  readonly link: LinkSeen;
  readonly answer: PeerAnswer;
  /** Of the address in REGIONS; null: REGIONS has none. */
  readonly addressSha256: string | null;
}

export interface Leftover {
  readonly kind: 'subscription' | 'publication' | 'slot';
  readonly name: string;
  readonly needed: boolean;
}

export interface MeshSeen {
  readonly own: OwnSide;
  readonly peers: readonly PeerSeen[];
  readonly leftovers: readonly Leftover[];
}

type To = { readonly memberId: string; readonly region: string };
export type MeshAction = { readonly sentence: string } & (
  | ({ readonly do: 'publish'; readonly version: number } & To)
  | ({ readonly do: 'make_slot'; readonly slot: string } & To)
  | ({ readonly do: 'make_link'; readonly slot: string; readonly generation: number } & To)
  | ({ readonly do: 'readdress' | 'refresh' | 'unseal' | 'note_copied' } & To)
  | ({ readonly do: 'note_whole'; readonly slot: string; readonly confirmed: string } & To)
  | ({ readonly do: 'drop_peer_slot'; readonly slot: string } & To)
  | { readonly do: 'drop_link'; readonly subscription: string; readonly reachable: boolean }
  | { readonly do: 'drop_publication' | 'drop_slot'; readonly name: string }
  | ({ readonly do: 'set_standby_slots' } & StandbySlots)
);
/** What keeps a link from being whole, where no action helps. */
export interface Waiting {
  readonly region: string;
  readonly sentence: string;
}
export interface MeshPlan {
  readonly actions: readonly MeshAction[];
  readonly waiting: readonly Waiting[];
}

type Step = MeshAction | Waiting | null;
const isAction = (step: Step): step is MeshAction => step !== null && 'do' in step;
const isWaiting = (step: Step): step is Waiting => step !== null && !('do' in step);

export function planMesh(seen: MeshSeen): MeshPlan {
  const version = versionToPublish(seen);
  const steps: Step[] = [
    ...seen.peers.map((peer) => planPublication(peer, version)),
    ...seen.peers.map((peer) => planLink(peer, seen.own)),
    ...seen.leftovers.map(planLeftover),
  ];
  return { actions: steps.filter(isAction), waiting: steps.filter(isWaiting) };
}

/** R14: the lowest schema version of all members, this one included; never below what is published already. Who never answered is left out. */
function versionToPublish({ own, peers }: MeshSeen): number {
  const known = peers.flatMap(({ link, answer }) => schemaOf(link, answer) ?? []);
  const published = peers.flatMap(({ link }) => link.publishedVersion ?? []);
  return Math.max(Math.min(own.schema, ...known), ...published);
}

function schemaOf(link: LinkSeen, answer: PeerAnswer): number | null {
  return 'offer' in answer ? answer.offer.schema : link.peerSchema;
}

function planPublication({ link, answer }: PeerSeen, version: number): Step {
  const { memberId, region, publishedVersion, publicationStale } = link;
  const schema = schemaOf(link, answer);
  if (schema === null) return { region, sentence: `${region} has never answered: nothing is published to it yet` };
  if (schema < version && publicationStale === null)
    return { region, sentence: `${region} has schema ${schema} and this mesh sends ${version}: it must be upgraded first` };
  if (publicationStale === null)
    return { do: 'publish', memberId, region, version, sentence: `publish to ${region} what travels in schema ${version}` };
  if (publishedVersion === null || publishedVersion < version)
    return {
      do: 'publish',
      memberId,
      region,
      version,
      sentence: `publish to ${region} what travels in schema ${version}, which every member has now, after ${publishedVersion ?? 'none'}`,
    };
  if (!publicationStale) return null;
  const sentence = `set the publication to ${region} again: it is not what schema ${publishedVersion} says`;
  return { do: 'publish', memberId, region, version: publishedVersion, sentence };
}

function planLink(peer: PeerSeen, own: OwnSide): Step {
  const { region, sealed } = peer.link;
  if (peer.addressSha256 === null) return { region, sentence: `REGIONS has no replication address for ${region}` };
  if ('silent' in peer.answer) return { region, sentence: `${region} ${peer.answer.silent}` };
  if (!peer.link.subscribed) return planNewLink(peer, peer.answer.offer, own);
  return planRepair(peer, peer.answer.offer, own) ?? (sealed ? null : planProgress(peer, peer.answer.offer, own));
}

function planNewLink({ link }: PeerSeen, { publication, slots }: Offer, own: OwnSide): Step {
  const { memberId, region } = link;
  if (publication === null) return { region, sentence: `${region} has not published to ${own.region} yet` };
  const missing = missingHere(publication, own);
  if (missing !== null)
    return { region, sentence: `${region} sends ${missing}, which schema ${own.schema} here lacks: upgrade ${own.region}` };
  const used = new Set(slots.filter(({ lost }) => lost).map(({ name }) => name));
  let generation = link.generation + 1;
  while (used.has(slotOf({ me: own.memberId, them: memberId, generation }))) generation += 1;
  const slot = slotOf({ me: own.memberId, them: memberId, generation });
  const made = slots.find(({ name }) => name === slot);
  if (made === undefined)
    return { do: 'make_slot', memberId, region, slot, sentence: `make slot ${slot} at ${region} for the link from it` };
  if (made.confirmed === null)
    return { region, sentence: `slot ${slot} is being made at ${region}: it waits for transactions that are open there` };
  return { do: 'make_link', memberId, region, slot, generation, sentence: `make the link from ${region} with slot ${slot}, by a copy` };
}

function missingHere(publication: Readonly<Record<string, readonly string[]>>, { columns }: OwnSide): string | null {
  for (const [table, sent] of Object.entries(publication)) {
    const here = columns.get(table);
    if (here === undefined) return `table ${table}`;
    const column = sent.find((name) => !here.includes(name));
    if (column !== undefined) return `column ${table}.${column}`;
  }
  return null;
}

/** What makes a standing link be made or set anew. */
function planRepair({ link, addressSha256 }: PeerSeen, { slots, flushed }: Offer, own: OwnSide): Step {
  const { memberId, region } = link;
  const subscription = subscriptionOf(own.memberId, memberId);
  const slot = slots.find(({ name }) => name === link.slot);
  const again = { do: 'drop_link', subscription, reachable: true } as const;
  const anew = `make the link from ${region} anew, by a copy`;
  if (link.outdated) return { ...again, sentence: `${anew}: ${own.region} copies again` };
  if (slot === undefined) return { ...again, sentence: `${anew}: slot ${link.slot} is gone there` };
  if (slot.lost) return { ...again, sentence: `${anew}: slot ${link.slot} is lost there` };
  if (link.appliedPosition !== null && positionOf(link.appliedPosition) > positionOf(flushed)) {
    const sentence = `${anew}: it is at ${flushed} of its log, and ${link.appliedPosition} of it was applied here, so that is another history`;
    return { ...again, sentence };
  }
  if (link.addressSha256 !== addressSha256)
    return { do: 'readdress', memberId, region, sentence: `set the address of ${region}: it has another one, or another password` };
  if (link.commit === own.commit) return null;
  return { do: 'readdress', memberId, region, sentence: `set synchronous_commit = ${own.commit} for the link from ${region}` };
}

/** The way of a link that is not sealed: enabled, with all its tables, copied, whole; then the slots that it had before are dropped. */
function planProgress({ link }: PeerSeen, { publication, slots }: Offer, own: OwnSide): Step {
  const { memberId, region } = link;
  if (!link.enabled) return { do: 'unseal', memberId, region, sentence: `enable the link from ${region}: it is not sealed` };
  if (publication === null) return { region, sentence: `${region} has dropped its publication to ${own.region}` };
  const missing = missingHere(publication, own);
  if (missing !== null)
    return { region, sentence: `${region} sends ${missing}, which schema ${own.schema} here lacks: upgrade ${own.region}` };
  const unread = Object.keys(publication).filter((table) => !link.tables.includes(table));
  if (unread.length > 0)
    return { do: 'refresh', memberId, region, sentence: `take ${unread.toSorted().join(', ')} from ${region} too, by a copy` };
  if (link.tablesToCopy !== 0) return { region, sentence: `${link.tablesToCopy ?? 'all'} tables are being copied from ${region}` };
  if (link.copiedPosition === null)
    return { do: 'note_copied', memberId, region, sentence: `note that all tables of ${region} are copied` };
  const slot = slots.find(({ name }) => name === link.slot)!;
  if (!link.whole) return planWhole(link, link.copiedPosition, slot);
  const former = slots.find(({ name, active }) => name !== link.slot && !active);
  if (former === undefined) return null;
  return {
    do: 'drop_peer_slot',
    memberId,
    region,
    slot: former.name,
    sentence: `drop slot ${former.name} at ${region}: the link has another`,
  };
}

function planWhole({ memberId, region }: LinkSeen, copied: string, { name: slot, confirmed }: SlotSeen): Step {
  if (confirmed === null || positionOf(confirmed) < positionOf(copied))
    return { region, sentence: `the link from ${region} has confirmed ${confirmed ?? 'nothing'}, and is whole at ${copied}` };
  return {
    do: 'note_whole',
    memberId,
    region,
    slot,
    confirmed,
    sentence: `note that the link from ${region} is whole: confirmed to ${confirmed}`,
  };
}

function planLeftover({ kind, name, needed }: Leftover): Step {
  if (kind === 'publication') return { do: 'drop_publication', name, sentence: `drop ${name}: its destination is no member` };
  if (kind === 'slot') return { do: 'drop_slot', name, sentence: `drop slot ${name}: whom it is for is no member` };
  if (needed)
    return {
      region: name,
      sentence: `${name} stays: not every group that its member was home of has been adopted as far as is known here`,
    };
  return { do: 'drop_link', subscription: name, reachable: false, sentence: `drop ${name}: its member is gone` };
}
