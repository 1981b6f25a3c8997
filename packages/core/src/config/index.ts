export { ConfigError, describeConfig, loadConfig, printConfig, type ConfigMistake, type ConfigRow } from './config.js';
export { APPS, PORT_OF_APP, type AppName } from './kinds.js';
export { GLOBAL_ZONE, type RegionAddresses } from './regions.js';
export { isSecondary } from './rules.js';
export type { Config } from './variables.js';
