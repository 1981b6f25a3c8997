// The problem document of RFC 9457 that every refusal and failure is answered with.
import { z } from 'zod';

export const PROBLEM_TYPE_PREFIX = 'urn:singularity-workflow:problem:';

export const Problem = z
  .looseObject({
    type: z.string().meta({ description: `${PROBLEM_TYPE_PREFIX}<code>` }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable; its meaning never changes.' }),
    detail: z.string(),
    field: z.string().optional().meta({ description: 'The offending field, parameter, header or bound.' }),
    request_id: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
