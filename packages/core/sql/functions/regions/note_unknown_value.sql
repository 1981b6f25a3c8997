-- Tells, once, that this member stands before an epoch whose value its release does not know (D1): it gets no lease, and executes nothing, until it is
-- upgraded. For the SQL of learning only; its caller holds the mesh's row for itself.
create or replace function workflow.note_unknown_value(p_epoch bigint, p_value jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_region text;
begin
  update workflow.mesh m set unknown_epoch = p_epoch where m.unknown_epoch is distinct from p_epoch returning m.region into v_region;
  if found then
    perform workflow.note_region_event('region_stopped', v_region,
      format('%s stands still before epoch %s: this release does not know its value (%s, version %s); upgrade it', v_region, p_epoch,
             coalesce(p_value ->> 'kind', 'of no kind'), coalesce(p_value ->> 'version', 'none')), '{"learned": true}');
  end if;
end $$;
