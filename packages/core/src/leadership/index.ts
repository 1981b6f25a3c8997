export { Elector, type ElectorOptions, type Term } from './elector.js';
export { LeaderDuties, type Duty, type LeaderDutiesOptions } from './leader-duties.js';
export { Presence, type PresenceOptions } from './presence.js';
