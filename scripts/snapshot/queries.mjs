// What a fresh install looks like to the catalog, one line a thing. Each query answers with one text column, sorted by itself. PostgreSQL 18 keeps
// NOT NULL as constraints too, 17 and 16 do not: left out there, they stand at the columns.

const inSchema = "n.nspname = 'workflow'";

export const sections = {
  'tables and views': `
    select format('%s %s%s%s', case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'p' then 'partitioned table' else 'table' end,
             c.relname, case c.relpersistence when 'u' then ' (unlogged)' else '' end,
             case when c.reloptions is null then '' else ' with (' || array_to_string(c.reloptions, ', ') || ')' end)
           || format(' owner %s', pg_get_userbyid(c.relowner))
           || case when c.relkind in ('v', 'm') then ' md5 ' || md5(pg_get_viewdef(c.oid)) else '' end
           || case c.relreplident when 'f' then ' replica identity full' when 'i' then ' replica identity index' when 'n' then ' replica identity nothing' else '' end
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where ${inSchema} and c.relkind in ('r', 'p', 'v', 'm') order by c.relname`,
  columns: `
    select format('%s.%s %s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
             case when a.attgenerated <> '' then ' generated ' || pg_get_expr(d.adbin, d.adrelid)
                  when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end,
             case when a.attidentity <> '' then ' identity' else '' end)
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where ${inSchema} and c.relkind in ('r', 'p', 'v', 'm', 'c') and a.attnum > 0 and not a.attisdropped
     order by c.relname, a.attnum`,
  constraints: `
    select format('%s.%s %s', coalesce(c.relname, t.typname), k.conname, pg_get_constraintdef(k.oid))
      from pg_constraint k join pg_namespace n on n.oid = k.connamespace
      left join pg_class c on c.oid = k.conrelid left join pg_type t on t.oid = k.contypid
     where ${inSchema} and k.contype <> 'n' order by 1`,
  indexes: `
    select indexdef from pg_indexes where schemaname = 'workflow' order by tablename, indexname`,
  sequences: `
    select format('%s %s from %s by %s cache %s owner %s', sequencename, data_type, start_value, increment_by, cache_size, sequenceowner)
      from pg_sequences where schemaname = 'workflow' order by sequencename`,
  types: `
    select format('%s %s', t.typname, coalesce('enum (' || string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) || ')',
             case t.typtype when 'd' then 'domain over ' || format_type(t.typbasetype, t.typtypmod) else 'composite' end))
      from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_enum e on e.enumtypid = t.oid
      left join pg_class c on c.oid = t.typrelid
     where ${inSchema} and (t.typtype in ('e', 'd') or (t.typtype = 'c' and c.relkind = 'c'))
     group by t.oid, t.typname order by t.typname`,
  functions: `
    select format('%s(%s) returns %s language %s %s%s%s owner %s md5 %s', p.proname, pg_get_function_identity_arguments(p.oid),
             coalesce(pg_get_function_result(p.oid), 'nothing'), l.lanname,
             case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
             case when p.prosecdef then ' security definer' else '' end,
             case when p.proconfig is null then '' else ' set ' || array_to_string(p.proconfig, ', ') end,
             pg_get_userbyid(p.proowner), md5(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)))
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
     where ${inSchema} order by p.proname, 1`,
  triggers: `
    select format('%s%s', pg_get_triggerdef(t.oid), case t.tgenabled when 'O' then '' when 'A' then ' (always)' when 'R' then ' (replica)' else ' (off)' end)
      from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where ${inSchema} and not t.tgisinternal order by 1`,
  policies: `
    select format('%s.%s %s using %s check %s', tablename, policyname, cmd, qual, with_check) from pg_policies where schemaname = 'workflow' order by 1`,
  grants: `
    with acl(kind, name, acl, owner) as (
      select 'schema', n.nspname::text, coalesce(n.nspacl, acldefault('n', n.nspowner)), n.nspowner from pg_namespace n where n.nspname in ('workflow', 'pgmq')
      union all
      select case c.relkind when 'S' then 'sequence' else 'table' end, n.nspname || '.' || c.relname,
             coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)), c.relowner
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('workflow', 'pgmq') and c.relkind in ('r', 'p', 'v', 'm', 'S')
      union all
      select 'column', format('workflow.%s.%s', c.relname, a.attname), a.attacl, c.relowner
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       where ${inSchema} and a.attacl is not null
      union all
      select 'function', format('workflow.%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
             coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${inSchema})
    select format('%s %s: %s may %s', kind, name, case x.grantee when 0 then 'PUBLIC' else pg_get_userbyid(x.grantee) end,
             string_agg(lower(x.privilege_type), ', ' order by x.privilege_type))
      from acl, aclexplode(acl.acl) x
     where x.grantee <> acl.owner
     group by kind, name, x.grantee order by 1`,
  roles: `
    select format('%s%s%s%s%s', r.rolname, case when r.rolcanlogin then ' login' else '' end, case when r.rolreplication then ' replication' else '' end,
             case when r.rolsuper then ' superuser' else '' end,
             coalesce(' member of ' || (select string_agg(format('%s (inherit %s, set %s)', g.rolname, m.inherit_option, m.set_option), ', ' order by g.rolname)
                                         from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid), ''))
      from pg_roles r where r.rolname ~ '^(workflow|region)_' order by r.rolname`,
  queues: `
    select format('%s%s', queue_name, case when is_unlogged then ' (unlogged)' else '' end) from pgmq.meta order by queue_name`,
};
