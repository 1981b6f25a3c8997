// Random requests about regions and tenants.
import { fc } from '@singularity-workflow/testkit';
import { extended, inPath, mostly, word } from './arbitraries.js';

export const regions = (suffix: string): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom('local', 'eu'), word.map(inPath)).map((name) => `/api/regions/${name}${suffix}`);
export const tenants = (suffix: string): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom('acme', 'globex'), word.map(inPath)).map((name) => `/api/tenants/${name}${suffix}`);
export const region = extended(
  {
    id: mostly(fc.constantFrom('eu', 'us')),
    zone: mostly(fc.constant('global')),
    database: mostly(fc.constantFrom('postgres://peer@eu/workflow', 'postgres://peer:secret@eu/workflow')),
    routers: mostly(fc.constant(['http://eu'])),
  },
  ['id'],
);
export const regionCommand = extended({ drain_ms: mostly(fc.integer({ min: 0, max: 9 })), force: mostly(fc.boolean()) }, []);
export const tenant = extended(
  {
    region: mostly(fc.constantFrom('eu', 'us')),
    residency: mostly(fc.constant('global')),
    fallback_regions: mostly(fc.constant(['eu'])),
    default_durability: mostly(fc.constantFrom('local', 'quorum')),
  },
  [],
);
