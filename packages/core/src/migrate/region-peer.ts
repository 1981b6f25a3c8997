// The login that monitors of other regions connect as, to call the decision plane here (REGIONS names it): it may execute the functions that grants.sql
// gives region_peer, and read or write nothing else. Made by an administrator once per server; a single region needs none.
import { WorkflowError } from '../domain/index.js';
import { tryUntilAlone } from './roles.js';
import { withSession } from './session.js';

export interface RegionPeerOptions {
  /** A login that may create roles. */
  adminUrl: string;
  /** The same in the REGIONS of every region, for the address of this one. */
  password: string;
}

const PASSWORD = /^[\x21-\x7e]{12,}$/;

/**
 * Makes region_peer a login with this password. May run again at any time, with another password too.
 *
 * Throws `invalid_config` where the password is too short to be one.
 */
export async function ensureRegionPeer({ adminUrl, password }: RegionPeerOptions): Promise<void> {
  if (!PASSWORD.test(password)) {
    const rule = 'the password of region_peer must have 12 characters at least, all of them visible ASCII';
    throw new WorkflowError('invalid_config', rule, { field: 'password' });
  }
  await withSession(adminUrl, async (session) => {
    const [row] = await session.query<{ secret: string }>('select quote_literal($1::text) as secret', [password]);
    await tryUntilAlone(() => session.query(`alter role region_peer login password ${row!.secret}`));
  });
}
