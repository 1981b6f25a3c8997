// What is not a class and yet injected: `@Inject(CONFIG) private readonly config: Config`.

/** Config of config/. */
export const CONFIG = Symbol('CONFIG');
/** pino's Logger. */
export const LOGGER = Symbol('LOGGER');
/** Metrics of telemetry/. */
export const METRICS = Symbol('METRICS');
