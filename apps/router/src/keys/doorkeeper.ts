// Lets requests in by API key (Authorization: Bearer, or X-Api-Key behind a proxy that keeps that header for itself), in every region alike, for keys are
// values of the decision log. While no key was ever made nobody is asked for one: a router listens on loopback only. /health, /metrics and the
// documentation ask for none.
//
// What another region's router signed was let in there; what the key that came with it may do is asked here once more, where this region knows the key: it
// may have learned of a revocation before that one (R12), and only it may have the run.
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { idOfApiKey, type KeyRow, type TopologyReader } from '@singularity-workflow/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignedRequests } from '../homes/signed-requests.js';
import { Refusal } from '../wire/refusal.js';
import type { Keyring } from './keyring.js';
import { type Asked, mayAsk, subjectOf } from './permissions.js';

const GUARDED = /^\/(api|admin)(\/|$)/;
const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const BEARER = /^Bearer +(\S+)$/i;

export interface DoorkeeperParts {
  readonly keyring: Keyring;
  readonly signed: Pick<SignedRequests, 'senderOf'>;
  readonly topology: Pick<TopologyReader, 'tenantOfSubmission'>;
}

const keyIds = new WeakMap<FastifyRequest, string>();
const askers = new WeakMap<FastifyRequest, string>();

/** The id of the key that let a request in; null: none was asked for. */
export function keyIdOf(request: FastifyRequest): string | null {
  return keyIds.get(request) ?? null;
}

/** Whose key it was, for people: its name and its id; null: none was asked for. */
export function askerOf(request: FastifyRequest): string | null {
  return askers.get(request) ?? null;
}

const askerWith = (keyId: string, row: KeyRow | null): string => (row === null ? `key ${keyId}` : `${row.name} (key ${keyId})`);

export class Doorkeeper implements CanActivate {
  constructor(private readonly parts: DoorkeeperParts) {}

  /** Throws Refusal `key_missing`, `key_not_valid` (401), `forbidden` (403). */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const route = request.routeOptions.url ?? '';
    if (!GUARDED.test(route)) return true;
    const key = keyOf(request);
    if (this.parts.signed.senderOf(request) !== null) return this.letInSigned(request, key);
    if (!(await this.parts.keyring.isLocked())) return true;
    const row = key === undefined ? null : await this.parts.keyring.find(key);
    if (row === null || !row.counts) throw this.unknown(http.getResponse<FastifyReply>(), key);
    keyIds.set(request, row.keyId);
    askers.set(request, askerWith(row.keyId, row));
    await this.check(row, askedOf(request, route));
    return true;
  }

  private async letInSigned(request: FastifyRequest, key: string | undefined): Promise<boolean> {
    if (key === undefined) return true;
    const keyId = idOfApiKey(key);
    if (keyId === null) return true;
    const row = await this.parts.keyring.find(key);
    const asked = askedOf(request, request.routeOptions.url ?? '');
    const subject = row === null ? subjectOf(asked) : null;
    if (row?.counts === false || (subject !== null && 'runId' in subject))
      throw new Refusal('key_not_valid', 'The API key counts no more, or is not known here yet.', { field: 'authorization' });
    keyIds.set(request, keyId);
    askers.set(request, askerWith(keyId, row));
    if (row !== null) await this.check(row, asked);
    return true;
  }

  private async check(row: KeyRow, asked: Asked): Promise<void> {
    const { role, tenants } = row;
    if (!mayAsk(role, asked.route)) throw forbidden(`A key of role ${role} may not do that: an admin may.`, role);
    if (role !== 'tenant') return;
    const subject = subjectOf(asked);
    if (subject === null) throw forbidden('A key of role tenant may not do that: an operator may.', role);
    const named = 'tenants' in subject ? subject.tenants : await this.tenantsOfRun(subject.runId);
    const strange = named.find((tenant) => tenant === null || !tenants.includes(tenant));
    if (strange === undefined) return;
    throw forbidden(strange === null ? 'It must name a tenant of this key.' : `Tenant ${strange} is none of this key.`, role);
  }

  /** A run that is not here is looked for in other regions, whose routers check the key again. */
  private async tenantsOfRun(runId: string): Promise<string[]> {
    if (!RUN_ID.test(runId)) return [];
    const tenant = await this.parts.topology.tenantOfSubmission(runId);
    return tenant === null ? [] : [tenant];
  }

  private unknown(reply: FastifyReply, key: string | undefined): Refusal {
    void reply.header('www-authenticate', 'Bearer');
    return key === undefined
      ? new Refusal('key_missing', 'It takes an API key: Authorization: Bearer <key>.', { field: 'authorization' })
      : new Refusal('key_not_valid', 'There is no such API key, or it was revoked, or it has expired.', { field: 'authorization' });
  }
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const named = headers['x-api-key'];
  return typeof named === 'string' ? named : BEARER.exec(headers.authorization ?? '')?.[1];
}

function forbidden(detail: string, role: string): Refusal {
  return new Refusal('forbidden', detail, { field: 'authorization', facts: { role } });
}

function askedOf(request: FastifyRequest, route: string): Asked {
  return {
    method: request.method,
    route,
    params: (request.params ?? {}) as Record<string, unknown>,
    query: (request.query ?? {}) as Record<string, unknown>,
    body: request.body,
  };
}
