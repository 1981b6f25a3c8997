// What failover_events tells about regions: one rule each, what is taken out, and the test that notices. Used by ../mutations.mjs.
const one = (name, file, [from, to], [test, kills]) => ({
  name: `events: ${name}`,
  file: `regions/${file}.sql`,
  from,
  to,
  test: `regions/region_events${test}`,
  kills,
});

export const EVENT_MUTATIONS = [
  one(
    'a decision is not told',
    'learn_topology',
    ["perform workflow.note_decision(v_epoch, v_entry -> 'value', (v_entry ->> 'decided_at')::timestamptz);", ''],
    ['.test', 'is told by every region that learns it'],
  ),
  one(
    'a move that changed nothing is told',
    'note_decision',
    ["if v_what is null and not p_value ? 'lost' then", 'if false then'],
    ['.test', 'says why a move was wished, and nothing where it changed nothing'],
  ),
  one(
    'a step that came too late is told',
    'note_decision',
    [' and m.member_epoch = p_epoch', ''],
    ['.test', 'names each step of a member, and not one that came too late'],
  ),
  one('what is late does not say so', 'note_decision', ['v_late >= 10', 'false'], ['.test', 'says so when it is learned late']),
  one(
    'an unknown value is told each time',
    'note_unknown_value',
    ['where m.unknown_epoch is distinct from p_epoch', ''],
    ['.test', 'stops a region whose release does not know it, which is told once'],
  ),
  one(
    'a suspicion is told at every look',
    'note_suspicions',
    ['where not exists (select from workflow.told_suspicions t where t.member_id = x.member_id)', ''],
    ['.suspicions', 'a suspicion, when it begins and when it ends'],
  ),
  one(
    'trust is told of a suspicion that comes and goes',
    'note_suspicions',
    ['when g.granted_at > s.told_at and g.lease_live then', 'when true then'],
    ['.suspicions', 'a suspicion once, though it comes and goes'],
  ),
  one(
    'an odd time keeps an epoch from being learned',
    'whole_ms',
    ["jsonb_typeof(p_number) = 'number' and abs((p_number #>> '{}')::numeric) < 1e15", 'p_number is not null'],
    ['.test', 'is learned and told though a later release writes ms of another kind'],
  ),
  one(
    'an odd id keeps an epoch from being learned',
    'region_names',
    ['m.member_id::text = lower(g.id)', 'm.member_id = g.id::uuid'],
    ['.test', 'is learned and told though a later release writes sealers that are no ids'],
  ),
  one(
    'a seal is told again for each epoch',
    'begin_seal',
    ['if not exists (select from workflow.region_seals s where s.member_id = p_member and s.epoch is not null) then', 'if true then'],
    ['.test', 'a seal, once for as long as it lasts, and its end'],
  ),
  one(
    'a link that was enabled is told as unsealed',
    'unseal',
    ['  if found then\n', '  if true then\n'],
    ['.test', 'a seal, once for as long as it lasts, and its end'],
  ),
  one(
    'a lost lease is told at every round',
    'note_lease_lost',
    ['where l.lost_at is null and l.expires_at', 'where l.expires_at'],
    ['.test', 'is told when it is lost and when it is won again'],
  ),
  one(
    'a lease that nobody saw lost is not told',
    'note_lease_won',
    ['coalesce(v_lease.lost_at, least(v_lease.expires_at', 'coalesce(v_lease.lost_at, least(null'],
    ['.test', 'is told where nobody was there to see it lost'],
  ),
  one(
    'a lease that is renewed is told',
    'note_lease_won',
    [' and v_lost < v_lease.round_began_at', ''],
    ['.test', 'is not told as long as it is renewed'],
  ),
  one(
    'a move is told for groups that are on their way',
    'begin_move',
    ['  if v_new > 0 then', '  if true then'],
    ['.home', 'are told when they begin, each group once'],
  ),
  one(
    'an adoption is told for each group',
    'note_adopted',
    ['if exists (select from workflow.adoptions a where a.tenure = p_tenure) then', 'if false then'],
    ['.home', 'is told when the last group of the epoch has its marker'],
  ),
  one(
    'the time before the decision does not count',
    'note_adopted',
    ["workflow.whole_ms(v_entry.value -> 'without_ms') + ", ''],
    ['.home', 'with how long they had no home'],
  ),
  one(
    'stopped claims are told each second',
    'throttle_claims',
    ['if not exists (select from workflow.claim_throttle) then', 'if true then'],
    ['.home', 'are told when they are stopped and when they go on, once each'],
  ),
  one(
    'claims go on as soon as peers are within the bound',
    'throttle_claims',
    ['then p_max_lag_bytes / 2 else', 'then p_max_lag_bytes else'],
    ['.home', 'are told when they are stopped and when they go on, once each'],
  ),
  one(
    'registered tenants are told',
    'finish_region_command',
    [" and v_row.command <> 'register'", ''],
    ['.home', 'that registers tenants is not told'],
  ),
  one('a first link is told', 'note_whole', [' and l.generation > 1', ''], ['.home', 'that was made anew is told when it is whole']),
  one('a lost link is told again', 'drop_link', ['v_link.slot_name is not null and ', ''], ['.home', 'whose slot was lost is told, once']),
];
