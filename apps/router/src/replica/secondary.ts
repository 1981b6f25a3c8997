// What a secondary answers itself, and what its primary must. Of itself it answers reads, from its replica, and nothing else: not what wants to be certain
// (`consistency=strong`), not what a replica does not have (queues are unlogged), not who leads now, and not what its replica has not got.
import type { FastifyRequest } from 'fastify';
import type { ProblemCode } from '../problem.filter.js';
import type { ReplicaWatch } from './replica-watch.js';

const OURS = /^\/(api|admin)(\/|$)/;
const OF_THE_PRIMARY = /^\/(api\/queues|admin)(\/|$)/;

/** Of things that may be at the primary already. */
const MISSING: ReadonlySet<ProblemCode> = new Set(['run_not_found', 'definition_not_found', 'schedule_not_found', 'worker_not_found']);

export function belongsToPrimary({ method, routeOptions, query }: FastifyRequest, watch: Pick<ReplicaWatch, 'asOf'>): boolean {
  const route = routeOptions.url ?? '';
  if (!OURS.test(route)) return false;
  if (method !== 'GET' || OF_THE_PRIMARY.test(route) || watch.asOf === null) return true;
  return (query as { consistency?: unknown } | undefined)?.consistency === 'strong';
}

/** A replica that has not got something says nothing about the primary. */
export function mayBeAtPrimary({ method }: FastifyRequest, code: ProblemCode): boolean {
  return method === 'GET' && MISSING.has(code);
}
