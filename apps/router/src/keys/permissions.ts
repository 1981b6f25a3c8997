// What each role may do: pure. An admin everything; an operator everything but keys; a tenant what names tenants, and only its own: submissions, runs and
// schedules of theirs, and definitions to read. What is not listed here is no tenant's.
import type { KeyRole } from '@singularity-workflow/core';

/** Whose a request is: tenants that it names (null in it: one that it should name and does not), or those of a run. Null: no tenant's. */
export type Subject = { readonly tenants: readonly (string | null)[] } | { readonly runId: string } | null;

export interface Asked {
  readonly method: string;
  /** With its parameters by name: /api/workflows/:run_id */
  readonly route: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Whether a role may ask for a route at all; of a tenant `subjectOf` says more. */
export function mayAsk(role: KeyRole, route: string): boolean {
  return role === 'admin' || !/^\/api\/keys(\/|$)/.test(route);
}

export function subjectOf({ method, route, params, query, body }: Asked): Subject {
  if (method === 'GET' && /^\/api\/definitions(\/|$)/.test(route)) return { tenants: [] };
  if (method === 'GET' && route === '/api/tenants/:id') return { tenants: [nameOf(params['id'])] };
  if (/^\/api\/schedules(\/|$)/.test(route)) {
    return { tenants: [method === 'POST' && route === '/api/schedules' ? tenantIn(body) : nameOf(query['tenant_id'])] };
  }
  switch (`${method} ${route}`) {
    case 'GET /api/workflows':
      return { tenants: [nameOf(query['tenant_id'])] };
    case 'POST /api/workflows':
      return { tenants: [tenantIn(body)] };
    case 'POST /api/workflows/execute':
      return { tenants: [tenantIn(fieldOf(body, 'opts'))] };
    case 'POST /api/workflows/cancel':
    case 'POST /api/workflows/retry':
      return { tenants: [tenantIn(fieldOf(body, 'filter'))] };
    case 'POST /api/workflows/batch': {
      const elements = fieldOf(body, 'workflows');
      return { tenants: Array.isArray(elements) ? elements.map(tenantIn) : [] }; // what is no batch is refused as none
    }
  }
  const runId = nameOf(params['run_id']);
  return /^\/api\/workflows\/:run_id(\/|$)/.test(route) && runId !== null ? { runId } : null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

const nameOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const tenantIn = (value: unknown): string | null => nameOf(fieldOf(value, 'tenant_id'));
