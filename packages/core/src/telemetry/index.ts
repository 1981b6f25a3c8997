export { EVENTS, logEvent, type EventLevel, type EventName, type EventPayloads } from './events.js';
export { createLogger, type LoggerOptions } from './logger.js';
export { createMetrics, type Metrics, type MetricsOptions } from './metrics.js';
