// The only place that knows both errors and HTTP: every error becomes a problem document (RFC 9457) with a stable code, the offending field
// and a request id. Only what is the server's fault is logged. Events: request_failed.
import { type ArgumentsHost, type ExceptionFilter, HttpException } from '@nestjs/common';
import { logEvent, type Logger, WorkflowError, type WorkflowErrorCode } from '@singularity-workflow/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Relay } from './forward/relay.js';
import { mayBeAtPrimary } from './replica/secondary.js';
import { type Problem, PROBLEM_TYPE_PREFIX } from './wire/problem.js';
import { Refusal, type RefusalCode } from './wire/refusal.js';

type HttpCode =
  | 'bad_request'
  | 'route_not_found'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'uri_too_long'
  | 'service_unavailable'
  | 'internal_error';
export type ProblemCode = WorkflowErrorCode | RefusalCode | HttpCode;

/** 400: it cannot be read; 422: it can be read and is not allowed; 404: what the path names is not there; 409: not in this state. */
export const STATUS_OF_CODE: Readonly<Record<ProblemCode, number>> = {
  // the request as bytes
  bad_request: 400,
  bad_json: 400,
  bad_utf8: 400,
  json_too_deep: 400,
  duplicate_key: 400,
  number_not_exact: 400,
  nul_character: 400,
  broken_unicode: 400,
  body_missing: 400,
  bad_cursor: 400,
  body_too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  route_not_found: 404,
  method_not_allowed: 405,
  // the request as a wish
  invalid_request: 422,
  unknown_field: 422,
  idempotency_key_mismatch: 422,
  batch_too_large: 422,
  unknown_limit: 422,
  invalid_definition: 422,
  bad_slug: 422,
  duplicate_step: 422,
  unknown_dependency: 422,
  definition_cycle: 422,
  no_root_step: 422,
  map_with_many_sources: 422,
  too_many_steps: 422,
  bad_option: 422,
  bad_queue: 422,
  unknown_workflow: 422,
  unknown_version: 422,
  unknown_step: 422,
  type_violation: 422,
  map_too_large: 422,
  output_too_large: 422,
  quorum_impossible: 422,
  bad_tenant_id: 422,
  bad_idempotency_key: 422,
  bad_labels: 422,
  bad_time: 422,
  bad_schedule_name: 422,
  bad_cron: 422,
  bad_time_zone: 422,
  next_slot_needed: 422,
  // what it is about
  run_not_found: 404,
  worker_not_found: 404,
  worker_unknown: 404,
  definition_not_found: 404,
  schedule_not_found: 404,
  unknown_lease: 404,
  command_not_found: 404,
  key_not_found: 404,
  run_finished: 409,
  run_not_finished: 409,
  run_not_started: 409,
  run_not_retryable: 409,
  idempotency_conflict: 409,
  schedule_exists: 409,
  schedule_changed: 409,
  admin_key_needed: 409,
  lease_lost: 409,
  no_candidate: 409,
  command_pending: 409,
  // of several regions
  unknown_tenant: 422,
  resident_elsewhere: 421,
  residency_fixed: 409,
  region_not_found: 404,
  conflict_not_found: 404,
  bad_signature: 401,
  signature_expired: 401,
  signature_replayed: 401,
  key_missing: 401,
  key_not_valid: 401,
  forbidden: 403,
  // between regions: monitors see these
  no_mesh: 409,
  other_mesh: 409,
  other_member: 409,
  member_stopped: 409,
  not_the_next_epoch: 409,
  topology_forked: 409,
  mesh_exists: 409,
  not_empty: 409,
  unknown_value: 409,
  seal_refused: 409,
  // this server, now
  too_many_waiters: 429,
  too_many_streams: 429,
  too_many_submissions: 429,
  draining: 503,
  primary_unavailable: 503,
  home_unavailable: 503,
  forward_loop: 508,
  not_home: 503,
  quorum_unavailable: 503,
  database_unavailable: 503,
  schema_too_old: 503,
  schema_too_new: 503,
  schema_edited: 503,
  service_unavailable: 503,
  unsafe_session: 500,
  invalid_config: 500,
  internal_error: 500,
};

/** Of exceptions that Fastify and Nest throw by themselves. */
const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  404: 'route_not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  503: 'service_unavailable',
};

const RETRY_AFTER_SECONDS = 1;

interface Fault {
  code: ProblemCode;
  detail: string;
  field?: string | undefined;
  facts?: object | undefined;
}

export class ProblemFilter implements ExceptionFilter {
  /**
   * `allowedMethods`: of the routes that have this path; none where there is no such route. `relay`: of a secondary, where what is missing is looked up at
   * the primary.
   */
  constructor(
    private readonly logger: Logger,
    private readonly allowedMethods: (path: string) => string[],
    private readonly relay: Relay | null = null,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const fault = this.faultOf(error, request, reply);
    if (this.relay === null || !mayBeAtPrimary(request, fault.code)) return this.send(fault, { request, reply, error });
    this.relay
      .pass(request, reply)
      .catch((refused: unknown) => this.send(this.faultOf(refused, request, reply), { request, reply, error: refused }));
  }

  private send(fault: Fault, { request, reply, error }: { request: FastifyRequest; reply: FastifyReply; error: unknown }): void {
    const status = STATUS_OF_CODE[fault.code];
    const requestId = request.id;
    if (status === 429 || status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
    if (status === 500) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      logEvent(this.logger, 'request_failed', { requestId, method: request.method, path: pathOf(request.url), code: fault.code, reason });
    }
    void reply
      .code(status)
      .type('application/problem+json')
      .send(problemOf(fault, status, requestId));
  }

  private faultOf(error: unknown, request: FastifyRequest, reply: FastifyReply): Fault {
    if (error instanceof Refusal || error instanceof WorkflowError) {
      return { code: error.code, detail: error.message, field: error.field, facts: error.facts };
    }
    const status = error instanceof HttpException ? error.getStatus() : 500;
    const code = CODE_OF_STATUS[status] ?? (status < 500 ? 'bad_request' : 'internal_error');
    if (code === 'internal_error') {
      return { code, detail: 'Something went wrong here; the request id finds it in the log.' };
    }
    if (code === 'body_too_large') {
      return { code, detail: 'The body is larger than this endpoint takes.', field: 'body', facts: bodyLimitOf(request) };
    }
    if (code === 'unsupported_media_type') return { code, detail: 'The body must be application/json.', field: 'content-type' };
    if (code !== 'route_not_found') return { code, detail: (error as HttpException).message };
    const methods = this.allowedMethods(pathOf(request.url));
    if (methods.length === 0) return { code, detail: `There is nothing at ${pathOf(request.url)}.` };
    reply.header('allow', methods.join(', '));
    return { code: 'method_not_allowed', detail: `${pathOf(request.url)} takes ${methods.join(', ')}, not ${request.method}.` };
  }
}

export function problemOf(fault: Fault, status: number, requestId: string): Problem {
  const title = fault.code.replaceAll('_', ' ');
  const field = fault.field === undefined ? {} : { field: fault.field };
  const { code, detail, facts } = fault;
  return { ...facts, type: PROBLEM_TYPE_PREFIX + code, title, status, code, detail, ...field, request_id: requestId };
}

function bodyLimitOf(request: FastifyRequest): object {
  return { body_bytes_max: request.routeOptions.bodyLimit };
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return (end < 0 ? url : url.slice(0, end)).slice(0, 200);
}
