// Variables of read replicas: of a secondary, of routers that read from a replica, and of a primary that is copied from.
import { httpUrls, optionally, wholeNumber, yesOrNo } from './kinds.js';

const DAY_MS = 86_400_000;
const BYTES_MAX = 1_099_511_627_776;
const ROUTER = ['router'] as const;

export const REPLICA_VARIABLES = {
  canExecuteWorkflows: yesOrNo({
    name: 'CAN_EXECUTE_WORKFLOWS',
    apps: 'all',
    description: 'In primary-secondary: true in the primary; false in a secondary, which has routers only.',
    fallback: true,
  }),
  primaryRegionUrl: optionally(
    httpUrls({
      name: 'PRIMARY_REGION_URL',
      apps: ROUTER,
      description: "In a secondary: addresses of the primary's routers, the preferred one first; what is not read here is forwarded there.",
    }),
  ),
  forwardTimeoutMs: wholeNumber(100, 600_000, {
    name: 'FORWARD_TIMEOUT_MS',
    apps: ROUTER,
    description:
      'How long a request may take that is forwarded, by a secondary or to the home of a run in another region, beside the ?wait that it asks for.',
    fallback: 10_000,
  }),
  replicaLagMsMax: wholeNumber(100, DAY_MS, {
    name: 'REPLICA_LAG_MS_MAX',
    apps: ROUTER,
    description: 'A replica that is further behind degrades the /health of the router that reads from it; it is read all the same.',
    fallback: 30_000,
  }),
  maxLagBytes: wholeNumber(1_024, BYTES_MAX, {
    name: 'MAX_LAG_BYTES',
    apps: 'all',
    description:
      'A replica or a peer that is further behind, or a slot that keeps more for one that is away, degrades /health. Of several regions: while too few others are within it nothing is claimed.',
    fallback: 268_435_456,
  }),
};
