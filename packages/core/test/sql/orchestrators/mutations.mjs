// One guard of the orchestrators' functions each: what is taken out, and the test that notices. Used by ../mutations.mjs.
const one = (name, file, [from, to], [test, kills]) => ({
  name: `orchestrators: ${name}`,
  file: `orchestrators/${file}.sql`,
  from,
  to,
  test: `orchestrators/${test}`,
  kills,
});

export const ORCHESTRATOR_MUTATIONS = [
  one(
    'any token claims',
    'why_not_leading',
    ['v_lease.token is distinct from p_token or ', ''],
    ['may_claim', 'with a token of a former term of its own group is refused'],
  ),
  one(
    'any group claims with the token',
    'why_not_leading',
    [' or v_lease.holder_group is distinct from p_worker.orchestrator_group', ''],
    ['may_claim', "another group's token is refused"],
  ),
  one(
    'an expired lease claims',
    'why_not_leading',
    ['found and v_lease.expires_at > p_now', 'found'],
    ['may_claim', 'with a lease that has expired is refused'],
  ),
  one(
    'who is of no group claims beside a leader',
    'why_not_leading',
    [
      'if p_token is null and p_worker.orchestrator_group is null then',
      'if p_worker.orchestrator_group is null then return null; end if; if false then',
    ],
    ['may_claim', 'of a worker of no group is refused'],
  ),
  one(
    'a group that hands over claims',
    'why_not_leading',
    ['when v_lease.command_id is not null then', 'when false then'],
    ['may_claim', 'is refused while the group hands over'],
  ),
  one(
    'a claim does not hold the lease',
    'assert_may_claim',
    ["where l.name = 'orchestrator:leader' for share", "where l.name = 'orchestrator:leader'"],
    ['may_claim', 'holds the lease to its end'],
  ),
  one('the token does not rise', 'take_leadership', ['token = l.token + 1', 'token = l.token'], ['lead_group', 'lets the token only rise']),
  one(
    'two take one lease',
    'lead_group',
    ["where l.name = 'orchestrator:leader' for update;", "where l.name = 'orchestrator:leader';"],
    ['lead_group', 'is taken by one of two groups that ask at the same moment'],
  ),
  one(
    'no answer is "the leader is dead"',
    'why_not_stand',
    ["when p_standing_ms < v_wait_ms and p_lease.command_id is null then format('it", "when false then format('it"],
    ['lead_group', 'gives nothing to a standby that had no answers itself'],
  ),
  one(
    'a former leader that lives does not go first',
    'why_not_stand',
    ['v_free_ms < 1000 and', 'false and'],
    ['lead_group', 'lets the former leader go first'],
  ),
  one(
    'a silent worker stands',
    'why_not_stand',
    ['when workflow.worker_is_gone(p_worker, p_now) then', 'when false then'],
    ['lead_group', 'gives nothing to a worker that is silent'],
  ),
  one(
    'a primary is not preferred',
    'why_not_stand',
    ["when p_worker.role = 'standby' and v_primary", 'when false and v_primary'],
    ['lead_group', 'prefers a primary to another standby'],
  ),
  one(
    'a promote keeps the lease for nobody',
    'why_not_stand',
    ['when v_command.target_group is not null then', 'when false then'],
    ['commands', 'keeps the lease for its group'],
  ),
  one(
    'who gave up comes back at once',
    'why_not_stand',
    ['when v_was = v_group and v_free_ms < v_wait_ms then', 'when false then'],
    ['commands', 'not back to who replaces the stopped'],
  ),
  one(
    'a hand-over does not wait for what runs',
    'keep_leadership',
    ['and workflow.group_in_flight(p_lease.holder_group, p_now) = 0', ''],
    ['commands', 'waits for what the old leader runs'],
  ),
  one(
    'the first of a group to stop gives the lease up',
    'leave_group',
    ['if found and not exists (', 'if found or not exists ('],
    ['lead_group', 'is given up when the last worker of the group stops'],
  ),
  one(
    'a fence hits the successor',
    'fence_leader',
    ['l.token = coalesce(p_seen, l.token)', 'true'],
    ['commands', 'of a leader that has been replaced meanwhile does nothing'],
  ),
  one(
    'a failed hand-over leaves nobody',
    'finish_command',
    ['update workflow.leases l set command_id = null where l.command_id = p_command and l.expires_at > v_now;', ''],
    ['commands', 'leaves the old leader where it was'],
  ),
  one(
    'two commands at once',
    'supersede_commands',
    [
      "perform workflow.refuse('WF502'",
      "perform workflow.close_command(v_open.command_id, 'failed', 'x', null, p_now); return; perform workflow.refuse('WF502'",
    ],
    ['commands', 'while another is under way'],
  ),
  one(
    'a command ends twice',
    'close_command',
    ['where c.command_id = p_command and c.finished_at is null', 'where c.command_id = p_command'],
    ['commands', 'is finished once'],
  ),
  one(
    'a hand-over that nobody ends never ends',
    'keep_leadership',
    ['and c.finished_at is null and c.overdue_at > p_now', ''],
    ['commands', 'that nobody ends is over by itself'],
  ),
];
