import { SLUG_PATTERN } from '@singularity-workflow/core';
import { z } from 'zod';

/** `failed`, `start`, or a step's slug; `step:start` where a step has one of those names. */
export const RetryFrom = z
  .string()
  .regex(new RegExp(`^(step:)?${SLUG_PATTERN.source.slice(1)}`), { error: 'must be failed, start or the slug of a step' })
  .default('failed')
  .meta({ description: 'failed, start, or the slug of a step (step:start where a step is called so).' });

export function retryFrom(from: string): { from: 'failed' | 'start' | 'step'; step?: string } {
  if (from === 'failed' || from === 'start') return { from };
  return { from: 'step', step: from.replace(/^step:/, '') };
}
