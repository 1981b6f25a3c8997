// Mutations of where groups go over time: a group of a tenant's own, and what is given back. Used by ../mutations.mjs.
import { one } from './mutations.homes.mjs';

export const PLACEMENT_MUTATIONS = [
  one(
    'a tenant is split off from what is not adopted',
    'regions/tenants_to_split',
    ['       and exists (select from workflow.adopted_group(h.placement_group))\n', ''],
    ['tenants_to_split', 'not before the home has adopted it'],
  ),
  one(
    'a tenant is split off from what moves away',
    'regions/tenants_to_split',
    ['       and not exists (select from workflow.group_moves m where m.placement_group = h.placement_group)\n', ''],
    ['tenants_to_split', 'not while its group is being moved away'],
  ),
  one(
    'whoever had a group last gets it back',
    'regions/groups_to_return',
    ['order by c.place limit 1', 'order by c.place desc limit 1'],
    ['groups_to_return', 'what was taken twice goes back to the first'],
  ),
  one(
    'a planned move is a takeover',
    'regions/groups_to_return',
    [
      '      v_chain := array[v_step.member_id];\n      v_giver := case',
      '      v_chain := v_chain || v_step.member_id;\n      v_giver := case',
    ],
    ['groups_to_return', 'what the winner handed out stays'],
  ),
  one(
    'a return is no return',
    'regions/groups_to_return',
    ['elsif v_step.member_id = any (v_chain) ', 'elsif false '],
    ['groups_to_return', 'what the first took back itself is nobody else’s'],
  ),
  one(
    'a fallback region stands behind the winner',
    'regions/groups_to_return',
    ['v_chain[:greatest(cardinality(v_chain) - 1, 1)] || v_step.member_id', 'v_chain || v_step.member_id'],
    ['groups_to_return', 'to the winner it does not'],
  ),
  one(
    'what came back is given away again',
    'regions/groups_to_return',
    ['case when v_step.member_id is distinct from v_giver then v_step.before end', 'v_step.before'],
    ['groups_to_return', 'what was handed out and came back is nobody else’s'],
  ),
  one(
    'a fallback region is taken twice',
    'regions/check_fallbacks',
    ['g.region = f.region and g.place < f.place', 'false'],
    ['prepare', 'refuses to register a fallback named twice'],
  ),
];
