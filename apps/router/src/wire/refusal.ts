/** Why a request is refused before anything else sees it. The HTTP status of each code is the problem filter's business. */
export type RefusalCode =
  | 'bad_json'
  | 'bad_utf8'
  | 'json_too_deep'
  | 'duplicate_key'
  | 'number_not_exact'
  | 'nul_character'
  | 'broken_unicode'
  | 'body_missing'
  | 'unsupported_media_type'
  | 'invalid_request'
  | 'bad_tenant_id'
  | 'bad_idempotency_key'
  | 'bad_labels'
  | 'bad_time'
  | 'bad_cron'
  | 'bad_time_zone'
  | 'bad_schedule_name'
  | 'unknown_field'
  | 'bad_cursor'
  | 'idempotency_key_mismatch'
  | 'run_not_found'
  | 'worker_not_found'
  | 'definition_not_found'
  | 'command_not_found'
  | 'too_many_waiters'
  | 'too_many_streams'
  | 'too_many_submissions'
  | 'draining'
  | 'primary_unavailable'
  | 'home_unavailable'
  | 'resident_elsewhere'
  | 'unknown_tenant'
  | 'residency_fixed'
  | 'region_not_found'
  | 'conflict_not_found'
  | 'bad_signature'
  | 'signature_expired'
  | 'signature_replayed'
  | 'forward_loop'
  | 'key_missing'
  | 'key_not_valid'
  | 'forbidden';

/** A request that this process itself refuses: a stable code, one sentence, the offending field by its name on the wire. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly field: string | undefined;
  readonly facts: Record<string, unknown>;

  constructor(code: RefusalCode, message: string, about: { field?: string | undefined; facts?: Record<string, unknown> } = {}) {
    super(message);
    this.code = code;
    this.field = about.field;
    this.facts = about.facts ?? {};
  }
}
