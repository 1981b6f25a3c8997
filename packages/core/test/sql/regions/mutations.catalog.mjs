// One rule of versions and API keys in the log each: what is taken out, and the test that notices. Used by ../mutations.mjs.
const one = (name, file, [from, to], [test, kills]) => ({ name: `catalog: ${name}`, file: `${file}.sql`, from, to, test, kills });
const CATALOG = 'regions/catalog.test';
const KEYS = 'regions/catalog.keys';

export const CATALOG_MUTATIONS = [
  one(
    'a version counts before it is decided',
    'definitions/register_workflow',
    ['  if not v_alone then\n    return query', '  if not v_alone and v_slug is null then\n    return query'],
    [CATALOG, 'is stored at once and is no version before the log says so'],
  ),
  one(
    'content gets a number each time',
    'definitions/decide_version',
    ['if v_version is not null then', 'if false then'],
    [CATALOG, 'is learned once, however often it was proposed'],
  ),
  one(
    'numbers go on from what is here',
    'definitions/decide_version',
    ['select max(d.version) from workflow.decided_versions d', 'select max(d.version) from workflow.workflow_versions d'],
    [CATALOG, 'gets the number that its place in the log gives it'],
  ),
  one(
    'a former version stays active while the new one is on its way',
    'definitions/show_versions',
    [
      'd.active and d.version <> v.version);',
      'd.active and d.version <> v.version and workflow.shape_of_definition(d.definition_id) is not null);',
    ],
    [CATALOG, 'leaves no former version active where its definition is still on its way'],
  ),
  one(
    'a definition that arrives late is not shown',
    'definitions/show_versions',
    ['where d.slug = p_slug\n       and not exists', 'where false and d.slug = p_slug\n       and not exists'],
    [CATALOG, 'is the active version everywhere where its definition is'],
  ),
  one(
    'what arrives does not wait for what is decided',
    'definitions/lock_versions',
    ["perform pg_advisory_xact_lock(hashtextextended('workflow.versions', 0));", 'null;'],
    [CATALOG, 'is shown where both come at the same moment, the definition first'],
  ),
  one(
    'numbers of the time before the mesh stay',
    'definitions/show_versions',
    ['(d.version = v.version) <> (d.definition_id = v.definition_id)', 'false'],
    [CATALOG, 'gives way to what the log says of the number'],
  ),
  one(
    'what a region had does not get into the log',
    'regions/found_mesh',
    ['perform workflow.wish_for_all();', 'null;'],
    [CATALOG, 'goes on counting, and gets into the log in its order'],
  ),
  one(
    'history is activated anew',
    'regions/wish_for_all',
    ["'active', v.active)", "'active', true)"],
    [CATALOG, 'goes on counting, and gets into the log in its order'],
  ),
  one(
    'a wish stays when another region’s item decided it',
    'regions/learn_catalog',
    ['md5(w.item::text) = md5(v_item::text)', "p_value ->> 'by' = workflow.own_member()::text"],
    [CATALOG, 'is one version when two regions register it at the same time'],
  ),
  one(
    'an activation goes by what is here',
    'definitions/activate_definition',
    ['if exists (select from workflow.mesh) then', 'if false then'],
    [CATALOG, 'counts when the log has it, and everywhere'],
  ),
  one(
    'D6: a definition is proposed that nobody else has',
    'regions/observe_wishes',
    ["w.item ->> 'item' not in ('version', 'activate') or", 'true or'],
    [CATALOG, 'proposes no definition that no other region has, and keys at once'],
  ),
  one(
    'R14: values that a member cannot read are proposed',
    'regions/observe_wishes',
    ['g.schema_version < c_schema_version', 'false'],
    [CATALOG, 'proposes nothing while a member could not read it'],
  ),
  one(
    'an outcome is told again and again',
    'regions/observe_wishes',
    ['set told = true', 'set told = false'],
    [CATALOG, 'tells an outcome once'],
  ),
  one(
    'an unknown item is passed over',
    'regions/learn_entry',
    ["v_kind = 'catalog' and exists", "v_kind = 'catalog' and false and exists"],
    [CATALOG, 'stops the member that does not know it'],
  ),
  one(
    'a key counts before it is decided',
    'keys/add_api_key',
    ['if exists (select from workflow.mesh) then', 'if false then'],
    [KEYS, 'count when the log has them, and everywhere the same'],
  ),
  one(
    'keys of the time before the mesh stay out of the log',
    'regions/wish_for_all',
    ['where k.epoch is null and k.revoked_at is null', 'where false'],
    [KEYS, 'of a region that was alone get into the log'],
  ),
  one(
    'a revocation stays at home',
    'keys/revoke_api_key',
    ['if v_in_mesh then', 'if false then'],
    [KEYS, 'end there at once and elsewhere when the log says so'],
  ),
  one(
    'a member that forgets its log keeps the keys of it',
    'regions/renew_member',
    ['delete from workflow.api_keys k where k.epoch is not null;', ''],
    [KEYS, 'learns versions and keys from the log that it joins'],
  ),
  one(
    'a member that joins wishes for nothing',
    'regions/join_mesh',
    ['perform workflow.wish_for_all();', 'null;'],
    [KEYS, 'learns versions and keys from the log that it joins'],
  ),
  one(
    'the last admin can be revoked',
    'keys/revoke_api_key',
    ["perform pg_advisory_xact_lock(hashtextextended('workflow.api_keys', 0));", 'null;'],
    ['keys/api_keys', 'refuses to end the last admin, also when two are ended at the same moment'],
  ),
  one(
    'R12: a home does not ask for the key of a request',
    'regions/start_requested_runs',
    ['v_requests := workflow.judge_request_keys(v_requests);', ''],
    ['regions/requests', 'refuses it where the key was revoked'],
  ),
  one(
    'R12: a key that has not arrived is no reason to wait',
    'keys/judge_request_keys',
    ['and (q.key_id is null or exists (select from workflow.api_keys k where k.key_id = q.key_id))', ''],
    ['regions/requests', 'waits until the home knows the key'],
  ),
];
