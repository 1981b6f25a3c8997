// What each error code means and what to do about it. The codes themselves stand in core/src/domain/errors.ts and the router's problem.filter.ts;
// the check refuses a code without words here, and words without a code.

/** code -> [meaning, what to do] */
export const WORDS = {
  // the call itself
  invalid_request: ['A field is missing, has the wrong type or an impossible value; `field` names it.', 'Correct the field.'],
  batch_too_large: ['More elements than limit `batch_max` in one call.', 'Send several smaller batches.'],
  unknown_limit: ['There is no limit of this name.', 'Take a name from [the limits](operating.md#limits).'],

  // definitions
  invalid_definition: [
    'The definition is not an object of the right shape, or has an unknown field.',
    'Correct the field that `field` names.',
  ],
  bad_slug: ['A slug of a workflow or step does not match `^[a-z][a-z0-9_-]{0,46}$`.', 'Rename it.'],
  duplicate_step: ['Two steps have the same slug.', 'Rename one.'],
  unknown_dependency: ['A step depends on, or maps over, a step that does not exist.', 'Correct `depends_on` or `over`.'],
  definition_cycle: ['Steps depend on each other in a circle; the message names the whole circle.', 'Break the circle.'],
  no_root_step: ['Every step depends on another, so none could start.', 'Give one step no dependencies.'],
  map_with_many_sources: ['A map step depends on more than its source.', 'Join first in a single step, then map over its output.'],
  too_many_steps: ['More steps than limit `steps_max`.', 'Use a map for work of the same kind, or split the workflow.'],
  bad_option: [
    'An option has a value outside its range; the message names both.',
    'Correct it; [all options and ranges](writing-workflows.md#options).',
  ],
  bad_queue: ['A queue name does not match `^[a-z][a-z0-9_]{0,40}$`.', 'Rename the queue.'],

  // runs
  unknown_workflow: [
    'No workflow of this slug is registered.',
    'Start an executor that has it, or register it with `POST /api/definitions`.',
  ],
  unknown_version: ['The workflow has no such version.', 'Look at `GET /api/definitions/:slug/versions`.'],
  unknown_step: ['The workflow of this run has no such step.', 'Take a step from `GET /api/workflows/:run_id/steps`.'],
  type_violation: [
    'A map step needs an array and got something else. At a start: the input, and nothing was stored. Later: the run failed.',
    'Send an array; or make the source step return one.',
  ],
  map_too_large: [
    'A map step would have more tasks than limit `map_elements_max`.',
    'Split the array over several runs, or group elements.',
  ],
  run_not_found: ['There is no run of this id. It may have been deleted, or removed after its retention.', 'Check the id.'],
  run_finished: ['The run has ended, so it cannot be paused, resumed or cancelled.', 'Nothing; or retry it if it failed or was cancelled.'],
  run_not_finished: ['The run is open, so it cannot be deleted.', 'Wait for its end, or cancel it first.'],
  run_not_started: ['The run waits for its `run_at`, so it cannot be paused.', 'Cancel it instead, or wait.'],
  run_not_retryable: ['Only a failed or cancelled run can be retried.', 'Start a new run.'],
  idempotency_conflict: [
    'The idempotency key was used before for another request of this tenant and workflow; `run_id` names that run.',
    'Use a new key for new work. The same request again is not a conflict.',
  ],
  output_too_large: [
    'The output of a task, of a map step or of the run is over its limit.',
    'Store large results elsewhere and return a reference.',
  ],
  quorum_impossible: [
    "`durability: quorum` was asked for, or is the tenant's default, and no other region (of its zone) votes that could confirm.",
    'Use `local`.',
  ],
  bad_tenant_id: ['The tenant id is empty or too long.', 'Use 1 to 128 characters.'],
  bad_idempotency_key: ['The idempotency key is empty or too long.', 'Use 1 to 255 characters.'],
  bad_labels: ['Labels are not an object of strings, or too many, or too long.', 'Use at most 32 labels of at most 255 characters.'],
  bad_time: ['The deadline is not later than now and than `run_at`.', 'Correct the times.'],
  not_home: [
    'The run may not be written in this region now: it is at home elsewhere, or about to be.',
    'Try again. With one region it does not happen.',
  ],

  // orchestrators (active-passive)
  no_candidate: [
    'Nobody could do it: no other group has a living worker to promote, or nobody leads and there is nobody to stop.',
    'Look at `GET /admin/orchestrator`; start a standby.',
  ],
  command_pending: [
    'Another command about this lease is under way; `command_id` names it.',
    'Wait for its end. A fence does not wait for it.',
  ],
  unknown_lease: ['There is no lease of this name: nobody ever held it.', 'Take a name from `GET /admin/orchestrator`.'],
  command_not_found: [
    'There is no command of this id, or it is so old that it was removed.',
    'Look at `GET /admin/orchestrator/commands`.',
  ],

  // schedules
  schedule_not_found: ['The tenant has no schedule of this name. It may have been deleted.', 'Look at `GET /api/schedules`.'],
  schedule_exists: [
    'The tenant has another schedule of this name. The same one again is no conflict.',
    'Change it with `PUT /api/schedules/:name`, or take another name.',
  ],
  bad_schedule_name: [
    'The name does not match `^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`.',
    'Use up to 128 letters, digits, dots, underscores and hyphens.',
  ],
  bad_cron: [
    'The cron expression cannot be read, or names no time that ever comes; the message says why.',
    'Correct it; [what it may have](schedules.md).',
  ],
  bad_time_zone: ['There is no time zone of this name.', 'Use an IANA name such as `Europe/Berlin`, or `UTC`.'],
  schedule_changed: ['Others change the schedule at the same moment.', 'Read it, and try again.'],
  next_slot_needed: [
    'A change of a schedule needs its next slot. The router computes it; no client sees this.',
    'Nothing; callers of the SQL function give `next_fire_at`.',
  ],

  // workers and leases
  worker_unknown: [
    'The worker is not registered, was stopped, or was judged dead because it was silent for too long.',
    'The SDK registers again under a new id by itself. If it happens often, see [a worker that is judged dead](operating.md#what-happens-when-x-dies).',
  ],
  lease_lost: [
    'The caller does not hold the lease that this call needs, or holds it no more.',
    'Nothing: the process stands by and another one leads.',
  ],

  // TypeScript's own
  schema_too_old: ['The database has an older schema than this code.', 'Run `pnpm migrate`, then wait: the service goes on by itself.'],
  schema_too_new: ['The database has a newer schema than this code.', 'Deploy the newer version.'],
  schema_edited: [
    'A schema file was changed or removed after it had been applied to this database.',
    'Deploy the release that applied it, or put the change into a new file.',
  ],
  database_unavailable: [
    'The database did not answer, or its answer was lost: whether the call took effect is not known.',
    'Repeat the same call with the same idempotency key.',
  ],
  invalid_config: [
    'The configuration of a process is wrong; the message lists every mistake.',
    'Correct the variables; [the reference](configuration.md).',
  ],

  // the request as bytes
  bad_request: ['The URL or the request cannot be read.', 'Correct the request.'],
  bad_json: ['The body is not JSON.', 'Correct the body.'],
  bad_utf8: ['The body is not UTF-8.', 'Encode it as UTF-8.'],
  json_too_deep: ['The body is nested deeper than `JSON_DEPTH_MAX`.', 'Flatten it.'],
  duplicate_key: ['An object in the body has the same key twice.', 'Remove one.'],
  number_not_exact: ['A number in the body cannot be held by a double without a change.', 'Send it as a string.'],
  nul_character: ['A string contains `\\u0000`, which PostgreSQL cannot store.', 'Remove it, or encode the string.'],
  broken_unicode: ['A string contains half a surrogate pair.', 'Correct the string.'],
  body_missing: ['The endpoint needs a body and got none.', 'Send one.'],
  bad_cursor: ['The cursor is not one that this list gave.', 'Take `next_cursor` of the last page, unchanged, with the same filter.'],
  body_too_large: [
    'The body is over the bound that is named in the answer.',
    'Send less; large data belongs elsewhere, with a reference in the input.',
  ],
  uri_too_long: ['The URL is too long.', 'Shorten it.'],
  unsupported_media_type: ['The body is not `application/json` in UTF-8 without compression.', 'Set `content-type: application/json`.'],
  route_not_found: ['There is nothing at this path.', 'Look at `/docs`.'],
  method_not_allowed: ['The path exists and takes other methods; the header `Allow` names them.', 'Use one of them.'],

  // the request as a wish
  unknown_field: ['The body or the query has a field that the endpoint does not know.', 'Remove or correct it.'],
  idempotency_key_mismatch: ['The header `Idempotency-Key` and the field `idempotency_key` differ.', 'Send one of them.'],
  worker_not_found: ['There is no worker of this id.', 'Look at `GET /api/workers`.'],
  definition_not_found: ['There is no such workflow, or no such version of it.', 'Look at `GET /api/definitions`.'],

  // this server, now
  too_many_waiters: [
    'Too many requests are waiting for the end of a run on this router.',
    'Come again after `Retry-After`, or read without `wait`.',
  ],
  too_many_streams: ['Too many event streams are open on this router.', 'Come again after `Retry-After`, or use another router.'],
  too_many_submissions: [
    'Too many bytes of submissions are waiting for the database.',
    'Come again after `Retry-After` with the same idempotency key.',
  ],
  draining: ['The router is stopping.', 'Come again; another router or the next start answers.'],
  primary_unavailable: [
    'This router belongs to a secondary, and no router of its primary answers. `done`: `false`, nothing was done; `null`, that is not known.',
    'Repeat with the same idempotency key; `idempotency_key` has the one that the router made. Reads without `consistency=strong` go on.',
  ],
  home_unavailable: [
    "The tenant's home, `region`, does not answer or cannot take it now, and it cannot wait there: a command, a read with `consistency=strong`, or a submission with `durability` quorum. `done`: `false`, nothing was done; `null`, that is not known.",
    'Repeat it with the same idempotency key; `local` submissions are taken as requests meanwhile.',
  ],
  unknown_tenant: [
    'In a mesh with zones every tenant is registered, and this one is not, or this region has not learned of it yet.',
    'Register it with `PUT /api/tenants/:id`, or try again.',
  ],
  resident_elsewhere: ['The tenant lives in another zone (`zone`), and is not served outside it.', 'Ask one of `routers`.'],
  residency_fixed: ['A tenant is registered in another zone, and that never changes.', 'Register another tenant there.'],
  region_not_found: ['There is no such member of the mesh.', 'Look at `GET /api/regions`.'],
  conflict_not_found: ['There is no such conflict here (any more).', 'Conflicts go with the retention of runs; each region has its own.'],
  bad_signature: [
    'A request says that a router of another region signed it, and that is not so: another `REGION_SECRET`, another region, or it was changed on its way.',
    'Give all routers the same `REGION_SECRET` and the same `REGIONS`. Clients do not sign.',
  ],
  signature_expired: ['A signed request of another region is older than 30 seconds, by the clocks of both.', "Set the hosts' clocks."],
  signature_replayed: ['A signed request of another region came a second time.', 'Somebody sends copies: put TLS between regions.'],
  forward_loop: [
    'The request was forwarded to this router by another one, and would have to be forwarded again.',
    'Correct `PRIMARY_REGION_URL`: it must lead to routers of the primary.',
  ],
  service_unavailable: ['The router cannot answer now.', 'Come again after `Retry-After`.'],
  internal_error: ['A mistake of ours. The log of the router has the request id with the reason.', 'Report it with the request id.'],

  // regions
  no_mesh: [
    'This region belongs to no mesh: it is alone, or its mesh has not begun.',
    'Set `REGIONS`; a mesh begins when all of its regions answer.',
  ],
  other_mesh: [
    'The caller belongs to another mesh: the regions were founded apart, or an operator forced a new mesh without this one.',
    'Compare `REGIONS` of both. A region that was given up joins as a new member.',
  ],
  other_member: [
    'The database at this address is not the member that was expected there: it is new, a copy, or another region.',
    'Correct the address in `REGIONS`; a database that was copied needs a member id of its own.',
  ],
  member_stopped: [
    'This region stands still: it left the mesh, or its database has lost what it had promised (a restored backup). The message says which.',
    'Let it join as a new member.',
  ],
  not_the_next_epoch: ['Another decision was made meanwhile.', 'Nothing: the monitor looks again.'],
  topology_forked: [
    'Two regions know different decisions for the same epoch. That can only be where an operator forced a takeover while the others went on.',
    'Keep one of the two; let the regions of the other join as new members.',
  ],
  mesh_exists: ['This region belongs to a mesh already.', 'Nothing.'],
  not_empty: [
    'Several regions begin a mesh empty; this one has runs already.',
    'Let it found a mesh alone (`REGIONS` with itself only), then add the others.',
  ],
  unknown_value: ['A decision of the mesh is of a version that this release does not know.', 'Upgrade this region.'],
  seal_refused: ['A region that was to be sealed has shown a sign of life.', 'Nothing: the monitor looks again.'],
  admin_key_needed: [
    'The first key must be an admin, and the last admin cannot be revoked: otherwise nobody could make another one.',
    'Make an admin key first.',
  ],
  key_not_found: ['There is no API key with this id.', 'Take an id from `GET /api/keys`.'],
  key_missing: ['A key was made once, so requests need one.', 'Send `Authorization: Bearer <key>`: [API keys](keys.md).'],
  key_not_valid: [
    'The API key is unknown, was revoked or has expired; of a submission that waited for its home: when that looked.',
    'Use another key.',
  ],
  forbidden: ['The API key may not do that: `role`.', 'Use a key of another role, or name a tenant of this one.'],
  unsafe_session: [
    'The login has no `transaction_timeout` below `REGION_LEASE_MS`, or writes under another isolation than READ COMMITTED: it could write what was true once.',
    "`alter role <login> set transaction_timeout = '4s'` (it is not inherited from a role), and connect anew.",
  ],
  quorum_unavailable: [
    'Too few regions have confirmed it in time (`QUORUM_TIMEOUT_MS`), or the tenant has got another home meanwhile. It may stand.',
    'Send it again with the same idempotency key: the answer says what became of it.',
  ],
};

/** Codes in the `error` of an attempt, a step or a run: not refusals, but what became of the work. */
export const OUTCOMES = {
  handler_failed: ['The handler threw; message and stack are its own.', 'attempt, step, run'],
  timeout: ["The attempt took longer than the step's `timeout_ms`.", 'attempt, step, run'],
  worker_lost: ['The worker stopped or fell silent while it held the task.', 'attempt, step, run'],
  claim_lost: [
    'The worker lives but never learned that it had been given the task: the answer to its claim was lost.',
    'attempt, step, run',
  ],
  invalid_output: [
    'The handler returned what JSON or PostgreSQL cannot hold (NaN, a bigint, a Map, `\\u0000`, ...). Not retried.',
    'attempt, step, run',
  ],
  output_too_large: ['An output is over its limit. Not retried.', 'attempt, step, run'],
  type_violation: ['The source of a map step is not an array. The source step stays completed.', 'step, run'],
  map_too_large: ['The source of a map step has more elements than limit `map_elements_max`.', 'step, run'],
  deadline_exceeded: ['The run did not end before its deadline.', 'run'],
  cancelled: ['The run was cancelled with a reason, which is the message.', 'run'],
};
