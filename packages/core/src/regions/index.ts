export { Adoption, type AdoptionOptions } from './adoption.js';
export { type MeshDetails, MeshReconciler, type MeshReconcilerOptions } from './mesh-reconciler.js';
export { type BallotResult, Ballots, type Proposal } from './ballot.js';
export { RegionBelief } from './belief.js';
export { decideOnFounding, type FoundingDecision } from './founding.js';
export { type ListedRegion, Peers, type PeersOptions } from './peers.js';
export { type Observed, type WishSource } from './proposer.js';
export { regionDuties, type RegionDuties, type RegionDutiesOptions } from './region-duties.js';
export { Quorum, type QuorumWait } from './quorum.js';
