-- Null where labels are fine: an object of strings, within the bounds labels_max and label_chars_max. Otherwise the sentence that says what is not.
create or replace function workflow.what_is_wrong_with_labels(p_labels jsonb)
  returns text
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_max   bigint;
  v_chars bigint;
begin
  if p_labels is null or p_labels = '{}' then
    return null;
  elsif jsonb_typeof(p_labels) <> 'object' then
    return 'labels must be an object of strings';
  end if;
  v_max   := workflow.limit_of('labels_max');
  v_chars := workflow.limit_of('label_chars_max');
  return (
    select case when count(*) > v_max then format('%s labels; at most %s are allowed', count(*), v_max)
                when bool_or(jsonb_typeof(l.value) <> 'string') then 'labels must be an object of strings'
                when bool_or(length(l.key) not between 1 and v_chars or length(l.value #>> '{}') > v_chars)
                  then format('a label''s name and value may have up to %s characters', v_chars) end
      from jsonb_each(p_labels) l);
end $$;
