// When a commit is confirmed by a quorum (R6): pure. k = floor(N/2) of the N members that vote must have confirmed it besides the home, so that it is
// known to somebody in every majority that takes over. For the groups of a residency zone N and k count the zone's members.

import { positionOf } from './mesh-names.js';

/** A position in a database's log, as PostgreSQL writes it: two hexadecimal numbers. */
export type LogPosition = string;

export interface VotingMember {
  readonly zone: string;
  /** Up to where it has confirmed this region's log; null where its confirmation does not count, and for this region itself. */
  readonly confirmed: LogPosition | null;
}

export interface QuorumState {
  /** How many others must confirm; 0: there is no quorum to be had. */
  readonly needed: number;
  /** Up to here k others have confirmed; null: fewer confirm anything. */
  readonly confirmed: bigint | null;
}

const GLOBAL = 'global';

/** Of rows in `zone`; `global` rows go to every member. */
export function quorumOf(members: readonly VotingMember[], zone: string): QuorumState {
  const voters = zone === GLOBAL ? members : members.filter((member) => member.zone === zone);
  const needed = Math.floor(voters.length / 2);
  const reached = voters.flatMap(({ confirmed }) => (confirmed === null ? [] : [positionOf(confirmed)]));
  reached.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  return { needed, confirmed: needed === 0 ? null : (reached[needed - 1] ?? null) };
}
