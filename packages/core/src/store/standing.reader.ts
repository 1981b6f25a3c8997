// How a region stands in the mesh, as numbers: what its metrics show.
import type { MemberState } from '../domain/index.js';
import type { Database } from './database.js';

export interface Standing {
  /** The last that it knows. */
  readonly epoch: number;
  /** Null: it may execute nothing. */
  readonly leaseLeftMs: number | null;
  /** Members by their state; a state that nobody is in is left out. */
  readonly members: Readonly<Partial<Record<MemberState, number>>>;
  /** Regions that it suspects, and those whose link it holds closed. */
  readonly suspected: readonly string[];
  readonly sealed: readonly string[];
  /** Placement groups that are at home here, adopted or not. */
  readonly groups: number;
  /** Groups whose marker is missing, and runs that were found to be adopted so far. */
  readonly groupsToAdopt: number;
  readonly runsToAdopt: number;
}

const STANDING = `
  select m.last_epoch::int as epoch, workflow.lease_left_ms() as lease_left_ms,
         (select coalesce(jsonb_object_agg(s.state, s.members), '{}')
            from (select r.state, count(*) as members from workflow.region_members r group by r.state) s) as members,
         array(select r.region from workflow.region_suspicions s join workflow.region_members r using (member_id) order by 1) as suspected,
         array(select r.region from workflow.region_seals s join workflow.region_members r using (member_id) order by 1) as sealed,
         (select count(*)::int from workflow.placement p where p.member_id = i.member_id) as groups,
         (select count(*)::int from workflow.adoptions) as groups_to_adopt,
         (select count(*)::int from workflow.adoption_work) as runs_to_adopt
    from workflow.mesh m, workflow.installation i`;

export class StandingReader {
  constructor(private readonly db: Database) {}

  /** Null: this region belongs to no mesh. */
  async standing(): Promise<Standing | null> {
    const [row] = await this.db.query<Standing>(STANDING, [], 'standing');
    return row ?? null;
  }
}
