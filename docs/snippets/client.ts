// #region client
import { createClient, WorkflowApiError } from '@singularity-workflow/sdk/client';
import type { fulfilOrder } from './fulfil-order.js';

const client = createClient({ urls: ['http://127.0.0.1:4000'] });

export async function fulfil(orderId: string): Promise<string[]> {
  const { run_id } = await client.start({
    tenant_id: 'acme',
    workflow: 'fulfil-order',
    input: { id: orderId, parcels: [{ to: 'Lyon' }, { to: 'Osaka' }], totalCents: 4200 },
    idempotency_key: orderId, // the same order twice is one run
  });
  const run = await client.waitFor<typeof fulfilOrder>(run_id, { timeoutMs: 60_000 });
  if (run.status !== 'completed' || run.output === null) throw new Error(`order ${orderId}: ${run.error?.message ?? run.status}`);
  return run.output.notify.tracking;
}

export const isConflict = (error: unknown): boolean => error instanceof WorkflowApiError && error.code === 'idempotency_conflict';
// #endregion
