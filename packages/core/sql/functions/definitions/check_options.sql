-- Refuses unknown fields and option values out of range, of a workflow or of a step. p_path: '' or 'steps.<slug>.', for the message.
-- Errors:  WF101 invalid_definition (unknown field), WF109 bad_option, WF110 bad_queue
create or replace function workflow.check_options(p_object jsonb, p_path text, p_known text[])
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
declare
  v_bad text;
  v_row record;
begin
  select k into v_bad from jsonb_object_keys(p_object) k where k <> all (p_known) order by k limit 1;
  if found then
    perform workflow.refuse('WF101', format('%s%s is not a known field', p_path, v_bad), p_path || v_bad);
  end if;

  for v_row in
    select o.name, o.low, o.high, p_object -> o.name as value
      from (values ('max_attempts', 1, 100), ('base_delay_ms', 0, 86400000), ('max_delay_ms', 0, 604800000),
                   ('timeout_ms', 1, 604800000), ('start_delay_ms', 0, 2147483647)) as o(name, low, high)
     where p_object ? o.name
  loop
    if jsonb_typeof(v_row.value) <> 'number' or v_row.value::text !~ '^-?[0-9]+$' or v_row.value::numeric not between v_row.low and v_row.high then
      perform workflow.refuse('WF109', format('%s%s must be a whole number from %s to %s, not %s', p_path, v_row.name, v_row.low, v_row.high,
                              v_row.value), p_path || v_row.name);
    end if;
  end loop;

  if p_object ? 'queue' and (jsonb_typeof(p_object -> 'queue') <> 'string' or p_object ->> 'queue' !~ '^[a-z][a-z0-9_]{0,40}$') then
    perform workflow.refuse('WF110', format('%squeue %s must match ^[a-z][a-z0-9_]{0,40}$', p_path, p_object -> 'queue'), p_path || 'queue');
  end if;
end $$;
