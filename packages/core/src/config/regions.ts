// REGIONS: what an operator writes about every region of the mesh, and what the services make of it. Secrets are never in it, nor in the log of
// decisions: it names files that hold them, read once, when the process starts.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { optionally, type Variable } from './kinds.js';

export interface RegionAddresses {
  readonly id: string;
  /** A residency zone; `global` unless REGIONS names zones. */
  readonly zone: string;
  /** Where monitors of other regions call the decision plane: a login that is a member of region_peer. */
  readonly database: string;
  /** Where subscriptions of other regions connect to: a login that is a member of region_replicator. Null: none is made. */
  readonly replication: string | null;
  /** Base addresses of its routers. */
  readonly routers: readonly string[];
}

export const GLOBAL_ZONE = 'global';
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const REGIONS_MAX = 32;

const address = z.string().refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text));
const region = z
  .strictObject({
    id: z.string().regex(NAME),
    zone: z.string().regex(NAME).default(GLOBAL_ZONE),
    database: address,
    database_password_file: z.string().optional(),
    replication: address.optional(),
    replication_password_file: z.string().optional(),
    routers: z.array(z.url()).default([]),
  })
  .transform((given): RegionAddresses => ({
    id: given.id,
    zone: given.zone,
    database: withPassword(given.database, given.database_password_file),
    replication: given.replication === undefined ? null : withPassword(given.replication, given.replication_password_file),
    routers: given.routers,
  }));

const regions = z
  .array(region)
  .min(1)
  .max(REGIONS_MAX)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length);

function withPassword(text: string, file: string | undefined): string {
  if (file === undefined) return text;
  const url = new URL(text);
  url.password = encodeURIComponent(readFileSync(file, 'utf8').trim());
  return url.href;
}

const schema = z.string().transform((text, context) => {
  try {
    const parsed = regions.safeParse(JSON.parse(text.startsWith('[') ? text : readFileSync(text, 'utf8')));
    if (parsed.success) return parsed.data.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  } catch {
    // not JSON, or a file that cannot be read: the rule says what it must be
  }
  context.addIssue({ code: 'custom', message: 'no list of regions' });
  return z.NEVER;
});

/** The list, sorted by id: what epoch 1 is made of. */
export function regionList(rest: Omit<Variable<readonly RegionAddresses[]>, 'rule' | 'schema' | 'fallback' | 'secret'>) {
  return optionally<readonly RegionAddresses[]>({
    ...rest,
    rule: `a JSON array, or the path of a file with one, of at most ${REGIONS_MAX} {id, zone, database, database_password_file, replication, replication_password_file, routers}, each id once`,
    schema,
    secret: true,
  });
}
