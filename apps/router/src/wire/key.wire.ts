// API keys on the wire. The key itself is in the answer that made it, and nowhere else.
import { z } from 'zod';
import { page, tenantId, text, time, uuid } from './fields.js';

const role = z.enum(['tenant', 'operator', 'admin']);
const instant = z.iso.datetime();

export const NewKey = z
  .strictObject({
    name: text(128).meta({ description: 'For whoever reads the list.' }),
    role: role.meta({ description: 'tenant: its tenants only; operator: all but keys; admin: all.' }),
    tenants: z.array(tenantId).max(100).default([]).meta({ description: 'Of role tenant: 1 to 100.' }),
    expires_at: time.optional(),
  })
  .meta({ id: 'NewApiKey' });

const fields = {
  key_id: z.guid(),
  name: z.string(),
  role,
  tenants: z.array(z.string()),
  created_at: instant,
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
  counts: z.boolean().meta({ description: 'Neither revoked nor expired.' }),
};

export const ApiKey = z.object(fields).meta({ id: 'ApiKey' });

export const MadeApiKey = z
  .object({
    key_id: z.guid(),
    key: z.string().meta({ description: 'Told once. Authorization: Bearer <key>.' }),
    decided: z.boolean().meta({ description: 'False: in a mesh; it counts when the log has it.' }),
  })
  .meta({ id: 'MadeApiKey' });

export const RevokedApiKey = z
  .object({
    key_id: z.guid(),
    decided: z.boolean().meta({ description: 'False: it counts no more in this region; in the others when the log has it.' }),
  })
  .meta({ id: 'RevokedApiKey' });

export const ApiKeyPage = z.object({ keys: z.array(ApiKey), next_cursor: z.string().nullable() }).meta({ id: 'ApiKeyPage' });

export const KeyParams = z.strictObject({ id: uuid });
export const KeyQuery = z.strictObject({ ...page });
