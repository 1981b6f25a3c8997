// The workflows of `npm start` and `npm run demo`: what an executor takes from WORKFLOW_MODULES.
export { greet } from './greet/greet.workflow.js';
export { licenceAudit } from './licences/licence-audit.workflow.js';
export { orderFulfilment } from './orders/order-fulfilment.workflow.js';
