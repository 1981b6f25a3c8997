// Compiled by `typecheck`, never run: each `@ts-expect-error` is a mistake that must not compile.
import { createClient, workflow, type Run } from '../../src/index.js';

const client = createClient({ urls: ['http://127.0.0.1:4000'] });
export const order = workflow<{ id: string }>('order').step('a', ({ id }) => id.length);

export async function typed(): Promise<void> {
  await client.start({ tenant_id: 't', workflow: 'any', input: [1] });
  await client.start({ tenant_id: 't', workflow: order, input: { id: 'x' }, priority: 'high', labels: { a: 'b' } });
  // @ts-expect-error the input is a string id
  await client.start({ tenant_id: 't', workflow: order, input: { id: 1 } });
  // @ts-expect-error there is no input
  await client.start({ tenant_id: 't', workflow: order });
  // @ts-expect-error there is no such field
  await client.start({ tenant_id: 't', workflow: 'any', key: 'k' });
  // @ts-expect-error there is no such priority
  await client.start({ tenant_id: 't', workflow: 'any', priority: 'urgent' });
  // @ts-expect-error there is no such status
  await client.list({ status: ['done'] });
  // @ts-expect-error a filter is needed
  await client.cancelAll({ dry_run: true });

  const run: Run<typeof order> = await client.waitFor<typeof order>('r', { timeoutMs: 1 });
  const length: number | undefined = run.output?.a;
  // @ts-expect-error the output of a is a number
  const text: string | undefined = run.output?.a;
  void [length, text];
}
