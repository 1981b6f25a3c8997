export { Elector, type ElectorOptions, type Term } from './elector.js';
export { GroupElector, type GroupElectorOptions, type GroupLeadership } from './group-elector.js';
export { LeaderDuties, type Duty, type LeaderDutiesOptions } from './leader-duties.js';
export { Presence, type PresenceOptions } from './presence.js';
