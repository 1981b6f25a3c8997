export { Elector, type ElectorOptions, type Term } from './elector.js';
export { Presence, type PresenceOptions } from './presence.js';
