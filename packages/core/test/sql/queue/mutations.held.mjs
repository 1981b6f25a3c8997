// One guard of durability quorum each: what is taken out, and the test that notices. Used by ../mutations.mjs.
const one = (name, file, [from, to], kills) => ({ name: `held: ${name}`, file: `${file}.sql`, from, to, test: 'queue/.*held', kills });
const ofQuorum = (mutation) => ({ ...mutation, test: 'regions/quorum.test' });

export const HELD_MUTATIONS = [
  one('nothing is held back', 'queue/hold_messages', ['begin\n', 'begin return workflow.send_messages(p_messages);\n'], 'begins when other regions have it'),
  one('a run begins without going through the gate', 'runs/begin_runs', ['if v_ended is not null or v_quorum then', 'if v_ended is not null then'], 'begins when other regions have it'),
  one('a step of a quorum run is handed over', 'steps/start_dependents', [" and (w.ended).durability = 'local'", ''], 'goes on to its next step when other regions have the output'),
  one('what a resumed run sends waits for nobody', 'runs/resume_run', ["(workflow.advance_runs('{}', workflow.messages_of_queued_tasks(array[p_run_id]), workflow.clock())).queues", 'workflow.send_messages(workflow.messages_of_queued_tasks(array[p_run_id]))'], 'waits at the start of a scheduled run, of a retry from scratch, and of a run that goes on after a pause'),
  one('what is withdrawn stays in the list', 'queue/withdraw_messages', ['delete from workflow.held_messages h where h.run_id = any (p_run_ids);', ''], 'waits at the start of a scheduled run, of a retry from scratch, and of a run that goes on after a pause'),
  one('queues are emptied before the list', 'queue/withdraw_messages', ['  delete from workflow.held_messages h where h.run_id = any (p_run_ids);', "  delete from workflow.held_messages h where h.run_id = any (p_run_ids) and pg_catalog.pg_try_advisory_xact_lock(0) and h.ctid in (select x.ctid from workflow.held_messages x for update skip locked);"], 'and whoever withdraws messages at that moment leaves none behind'),
  one('nobody needs to confirm', 'queue/release_held_messages', ['case when q.needed = 0 then q.flushed else q.confirmed end as confirmed\n        from workflow.quorum_positions() q where q.needed = 0 or q.confirmed is not null', 'q.flushed as confirmed from workflow.quorum_positions() q'], 'reads a position after the commit, and lets nothing go before others have confirmed it'),
  one('what is at home elsewhere goes to a queue here', 'queue/let_go_messages', ["coalesce(f.tenure || '/' || f.tenant_id = any (v_ours), false) as is_ours", 'true as is_ours'], 'drops what is at home elsewhere'),
  one('what is stopped for a move goes', 'queue/let_go_messages', ["coalesce(f.tenure || '/' || f.tenant_id = any (v_home), false) as is_at_home", 'true as is_at_home'], 'drops what is at home elsewhere, and keeps what is stopped for a move'),
  one('what is stopped for a move is in the way of the others', 'queue/let_go_messages', ['set position = pg_current_wal_flush_lsn()', 'set position = h.position'], 'drops what is at home elsewhere, and keeps what is stopped for a move'),
  one('a rebuild sends what was held back', 'queue/rebuild_queue', ["coalesce((workflow.advance_runs('{}', v_missing, v_now)).queues, '{}')", 'workflow.send_messages(v_missing)'], 'is made anew from the tasks that are queued'),
  one('a rebuild does not look into the list', 'queue/messages_of_runs', ['where h.run_id = any (p_run_ids));', 'where false);'], 'and a rebuild that finds it finds nothing missing'),
  one('messages of a group that is being adopted go before its marker (R8)', 'queue/hold_messages', ["then 'FFFFFFFF/FFFFFFFF'::pg_lsn end", 'then null::pg_lsn end'], 'lets the messages of quorum runs go when its marker is confirmed'),
  one('they do not go after it either', 'regions/adopt_chunk', ["h.position = 'FFFFFFFF/FFFFFFFF' and", 'false and'], 'lets the messages of quorum runs go when its marker is confirmed'),
  one('those of a group that was lost again stay', 'regions/note_adoptions', ["h.position = 'FFFFFFFF/FFFFFFFF' and", 'false and'], 'and lost again before it has its marker leaves nothing in the list'),
  one('a group is stopped whatever is held', 'regions/observe_moves', [' and f.held = 0', ''], 'is not stopped while messages of it are held'),
  one('a quorum is promised where nobody could confirm', 'runs/judge_run_requests', ["d.durability = 'quorum' and not workflow.has_quorum(coalesce(t.residency, 'global'))", 'false'], 'is refused where no other region of the zone could confirm it'),
  one("a tenant's default is not looked at", 'runs/judge_run_requests', ["coalesce(e.durability, t.default_durability, 'local')", "coalesce(e.durability, 'local')"], 'is refused where no other region of the zone could confirm it, and is the default of a tenant'),
  one('a completion says nothing of what must be confirmed', 'tasks/complete_tasks', ['if v_recorded.quorum or v_reports is not null then', 'if v_reports is not null then'], 'whose verdicts count only when they are confirmed'),
  one('a repeated report says nothing of what must be confirmed', 'tasks/complete_tasks', ['if v_recorded.quorum or v_reports is not null then', 'if v_recorded.quorum then'], 'whose verdicts count only when they are confirmed'),
  one('a region vouches for what it has not adopted', 'regions/unconfirmed_runs', [' and not exists (select from workflow.adoption_work w where w.run_id = r.run_id)', ''], 'that this region may not vouch for'),
  ofQuorum(one('one region fewer is enough', 'regions/quorum_of', ['count(*)::int / 2 as needed', '(count(*)::int - 1) / 2 as needed'], 'of 4 members needs 2 others')),
  ofQuorum(one('the region that has least counts', 'regions/quorum_of', ['order by v.confirmed desc', 'order by v.confirmed'], 'is the position that k others have reached')),
]; // prettier-ignore
