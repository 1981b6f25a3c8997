// The values of the log of decisions (D1): one change each, versioned. SQL applies them (learn_entry and what it calls), alike at every member; a member that
// does not know a version or a kind stops there, the mesh does not. What reads them in TypeScript is the choice (region-choice.ts) and whoever proposes.
//
// Limit: at most 1,000 tenants in one `register`, 1,000 items in one `catalog`. Keys are snake_case: this is the wire, and what the log keeps for ever.

/** The decision that a mesh exists: its members, all `full`, and nothing else; the groups are dealt round in each zone by the order of names. */
export interface FoundValue {
  readonly version: 1;
  readonly kind: 'found';
  readonly mesh_id: string;
  readonly has_zones: boolean;
  readonly members: readonly { readonly region: string; readonly member_id: string; readonly zone: string }[];
}

/** From a member that a majority has sealed, to members that sealed it. */
export interface TakeoverValue {
  readonly version: 1;
  readonly kind: 'takeover';
  /** Member id of the deposed. */
  readonly from: string;
  readonly region: string;
  /** Group -> member id of its heir. What is not named stays. */
  readonly groups: Readonly<Record<string, string>>;
  /** For the sentence of failover_events: who sealed it, and how long ago the last of them had granted it a lease. Older members ignore both. */
  readonly sealed_by?: readonly string[];
  readonly without_ms?: number;
  /** Why an operator forced it. */
  readonly why?: string;
  /** Forced by an operator without a majority (D9): a new mesh, of which these are no members any more. */
  readonly mesh_id?: string;
  readonly former_mesh_id?: string;
  readonly lost?: readonly string[];
}

/** Proposed by the home of the groups only, when everything of R10 is done. */
export interface MoveValue {
  readonly version: 1;
  readonly kind: 'move';
  readonly from: string;
  readonly groups: Readonly<Record<string, string>>;
  /** For the sentence of failover_events: why it was wished, and since when nothing of the groups begins. Older members ignore both. */
  readonly why?: string;
  readonly without_ms?: number;
}

export type MemberState = 'joining' | 'full' | 'retiring' | 'copying' | 'gone';

/** One step of one member, behind the barrier of the epoch `behind` (D7); learned as nothing where another step came first. */
export interface MemberValue {
  readonly version: 1;
  readonly kind: 'member';
  readonly region: string;
  readonly member_id: string;
  readonly zone: string;
  readonly addresses: Readonly<Record<string, unknown>>;
  readonly state: MemberState;
  readonly behind: number;
  /** Why it was wished, for the sentence of failover_events; older members ignore it. */
  readonly why?: string;
}

export interface TenantEntry {
  readonly tenant_id: string;
  readonly residency?: string;
  readonly fallback_regions?: readonly string[];
  readonly default_durability?: 'local' | 'quorum';
  /** Into a group of its own, at the same home (R4). */
  readonly split?: boolean;
}

export interface RegisterValue {
  readonly version: 1;
  readonly kind: 'register';
  /** Member id of the proposer: a split counts only where it is the tenant's home. */
  readonly by: string;
  readonly tenants: readonly TenantEntry[];
}

/** Content that no version of the slug has is the next one. */
export interface VersionItem {
  readonly item: 'version';
  readonly slug: string;
  readonly definition_id: string;
  /** A start by slug takes it from then on. */
  readonly active: boolean;
}

export interface ActivateItem {
  readonly item: 'activate';
  readonly slug: string;
  readonly definition_id: string;
}

/** Of the key itself only its hash. */
export interface KeyItem {
  readonly item: 'key';
  readonly key_id: string;
  readonly key_sha256: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly tenants: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
}

export interface RevokeItem {
  readonly item: 'revoke';
  readonly key_id: string;
}

export type KeyRole = 'tenant' | 'operator' | 'admin';
export type CatalogItem = VersionItem | ActivateItem | KeyItem | RevokeItem;

/** Versions of workflows and API keys, in this order; an item that cannot be is learned as nothing. */
export interface CatalogValue {
  readonly version: 1;
  readonly kind: 'catalog';
  /** Member id of the proposer. */
  readonly by: string;
  readonly items: readonly CatalogItem[];
}

/** Ends an epoch that somebody began, or a seal that stayed alone. */
export interface NothingValue {
  readonly version: 1;
  readonly kind: 'nothing';
}

export type TopologyValue = FoundValue | TakeoverValue | MoveValue | MemberValue | RegisterValue | CatalogValue | NothingValue;

export const NOTHING: NothingValue = { version: 1, kind: 'nothing' };

export interface TopologyEntry {
  readonly epoch: number;
  readonly value: TopologyValue;
  readonly decided_at: string;
}

/** What a member's step may lead to; change_member (SQL) holds the same table. */
export const MEMBER_STEPS: Readonly<Record<MemberState, readonly MemberState[]>> = {
  joining: ['full', 'gone'],
  full: ['retiring'],
  retiring: ['full', 'copying', 'gone'],
  copying: ['full', 'gone'],
  gone: [],
};

/** Votes, grants and seals; a joining member copies only. */
export const VOTES: Readonly<Record<MemberState, boolean>> = { joining: false, full: true, retiring: true, copying: true, gone: false };

/** What a decision does, as a sentence. */
export function sentenceOfValue(value: TopologyValue, nameOf: (memberId: string) => string): string {
  const groups = (count: number): string => (count === 1 ? '1 group' : `${count} groups`);
  const why = 'why' in value && value.why !== undefined ? `: ${value.why}` : '';
  switch (value.kind) {
    case 'found':
      return `the mesh of ${value.members.map(({ region }) => region).join(', ')} begins`;
    case 'takeover': {
      const heirs = [...new Set(Object.values(value.groups))].map(nameOf).toSorted();
      const forced = value.lost === undefined ? '' : ', forced by an operator: a new mesh';
      return `${groups(Object.keys(value.groups).length)} of ${value.region} go to ${heirs.join(', ')}${forced}${why}`;
    }
    case 'move': {
      const heirs = [...new Set(Object.values(value.groups))].map(nameOf).toSorted();
      return `${nameOf(value.from)} hands ${groups(Object.keys(value.groups).length)} to ${heirs.join(', ')}${why}`;
    }
    case 'member':
      return `${value.region} becomes ${value.state}${why}`;
    case 'register':
      return sentenceOfTenants(value.tenants);
    case 'catalog':
      return `${sentenceOfItems(value.items)}, as ${nameOf(value.by)} asked`;
    case 'nothing':
      return 'nothing: it ends an epoch that somebody began';
  }
}

const NAMED_MAX = 3;

/** Of homes that split off nothing else is in such a value. */
function sentenceOfTenants(tenants: readonly TenantEntry[]): string {
  const [one] = tenants;
  if (tenants.every(({ split }) => split === true))
    return tenants.length === 1 ? `tenant ${one!.tenant_id} has a group of its own` : `${tenants.length} tenants have groups of their own`;
  return tenants.length === 1 ? '1 tenant is registered' : `${tenants.length} tenants are registered`;
}

function sentenceOfItems(items: readonly CatalogItem[]): string {
  const told = items.slice(0, NAMED_MAX).map((item) => {
    switch (item.item) {
      case 'version':
        return `content ${item.definition_id} is a version of ${item.slug}`;
      case 'activate':
        return `content ${item.definition_id} of ${item.slug} is active`;
      case 'key':
        return `key ${item.key_id} (${item.role}) counts`;
      case 'revoke':
        return `key ${item.key_id} is revoked`;
    }
  });
  return items.length > NAMED_MAX ? `${told.join('; ')}; and ${items.length - NAMED_MAX} more` : told.join('; ');
}
