export { type ConnectionSource, PgmqGateway, type QueueTotals } from './pgmq-gateway.js';
