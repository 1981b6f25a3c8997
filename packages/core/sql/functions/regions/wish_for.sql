-- Notes what this region wants to have in the log; its monitor proposes it. What is wished for already is one wish. For SQL only.
-- Durable: whoever sees the wish has what it is about on disk.
-- p_items: as learn_catalog takes them, in the order in which they are proposed
create or replace function workflow.wish_for(p_items jsonb[])
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  perform pg_catalog.set_config('synchronous_commit', 'on', true);
  insert into workflow.log_wishes (item, wished_at)
    select i.item, workflow.clock() from unnest(p_items) with ordinality i(item, at) order by i.at
    on conflict do nothing;
end $$;
