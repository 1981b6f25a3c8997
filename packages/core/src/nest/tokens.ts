// What is not a class and yet injected: `@Inject(CONFIG) private readonly config: Config`.

/** Config of config/. */
export const CONFIG = Symbol('CONFIG');
/** pino's Logger. */
export const LOGGER = Symbol('LOGGER');
/** Metrics of telemetry/. */
export const METRICS = Symbol('METRICS');
/** ReadSources of store/: where reads may go. */
export const READ_SOURCES = Symbol('READ_SOURCES');
