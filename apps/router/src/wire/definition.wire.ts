// Definitions on the wire. Their rules (slugs, cycles, options) are SQL's, each with a code of its own; here only the shape is checked.
import { z } from 'zod';

const number = z.number();
const options = {
  max_attempts: number.optional(),
  base_delay_ms: number.optional(),
  max_delay_ms: number.optional(),
  timeout_ms: number.optional(),
  queue: z.string().optional(),
};

const Step = z.strictObject({
  slug: z.string().meta({ description: '^[a-z][a-z0-9_-]{0,46}$' }),
  kind: z.string().optional().meta({ description: 'single (default) or map' }),
  depends_on: z.array(z.string()).optional(),
  over: z.string().optional().meta({ description: 'Maps: the step whose output is the array, or a step and a path (reserve.parcels).' }),
  start_delay_ms: number.optional(),
  when_exhausted: z.string().optional().meta({ description: 'fail (default), skip or skip-cascade' }),
  ...options,
});

export const DefinitionBody = z
  .strictObject({ slug: z.string().meta({ description: '^[a-z][a-z0-9_-]{0,46}$' }), steps: z.array(Step), ...options })
  .meta({ id: 'WorkflowDefinition' });
export type DefinitionBody = z.output<typeof DefinitionBody>;

const named = { slug: z.string(), version: z.int(), definition_id: z.guid() };

export const Registered = z
  .object({
    ...named,
    version: z.int().nullable().meta({ description: 'Null: in a mesh, until the log has decided it.' }),
    created: z.boolean().meta({ description: 'False: it was registered before.' }),
    activated: z.boolean().meta({ description: 'True: a start by slug takes it from now on.' }),
  })
  .meta({ id: 'RegisteredDefinition' });

export const Activated = z.object(named).meta({ id: 'ActivatedDefinition' });

const instant = z.iso.datetime();
const Version = z.object({ ...named, active: z.boolean(), registered_at: instant, activated_at: instant.nullable() });

export const Definition = z
  .object({ ...Version.shape, definition: DefinitionBody, mermaid: z.string().meta({ description: 'The DAG as Mermaid text.' }) })
  .meta({ id: 'Definition' });

export const VersionPage = z.object({ versions: z.array(Version), next_cursor: z.string().nullable() }).meta({ id: 'VersionPage' });

export const DefinitionPage = z
  .object({
    definitions: z.array(
      z.object({
        slug: z.string(),
        active_version: z.int().nullable(),
        latest_version: z.int(),
        registered_at: instant.meta({ description: 'Of the latest version.' }),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'DefinitionPage' });
