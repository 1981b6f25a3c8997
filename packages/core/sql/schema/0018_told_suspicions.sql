-- Suspicions come and go with whoever else answers; what failover_events tells of them does not (note_suspicions).
create table workflow.told_suspicions (
  member_id  uuid        primary key,
  told_at    timestamptz not null
);
comment on table workflow.told_suspicions is 'Members that this region told to suspect, and has not told to trust again.';
