// Which runs a list or a bulk command is about: as query parameters, as a JSON object, and as core's filter.
import type { RunFilter } from '@singularity-workflow/core';
import { LABELS_MAX, RUN_STATUSES } from '@singularity-workflow/core';
import { z } from 'zod';
import { labels, page, reading, slug, statuses, tenantId, text, time } from '../wire/fields.js';

const LABEL_PARAMETER_CHARS_MAX = 511;

const labelParameter = text(LABEL_PARAMETER_CHARS_MAX).regex(/^[^:]+:/s, { error: 'must be name:value' });

/** `?label=name:value`, as often as there are labels. */
const labelParameters = z
  .union([labelParameter.transform((one) => [one]), z.array(labelParameter).max(LABELS_MAX)])
  .transform((pairs) => new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)])))
  .transform((pairs) => Object.fromEntries(pairs));

export const ListQuery = z.strictObject({
  tenant_id: tenantId.optional(),
  workflow: slug.optional(),
  status: statuses.optional(),
  label: labelParameters.optional(),
  created_from: time.optional(),
  created_to: time.optional(),
  region: text(64).optional(),
  ...page,
  ...reading,
});
export type ListQuery = z.output<typeof ListQuery>;

export const BulkFilter = z
  .strictObject({
    tenant_id: tenantId.optional(),
    workflow: slug.optional(),
    status: z.array(z.enum(RUN_STATUSES)).min(1).max(RUN_STATUSES.length).optional(),
    labels: labels.optional(),
    created_from: time.optional(),
    created_to: time.optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, { error: 'must name at least one condition' })
  .meta({ id: 'RunFilter' });
export type BulkFilter = z.output<typeof BulkFilter>;

interface Conditions {
  tenant_id?: string | undefined;
  workflow?: string | undefined;
  status?: readonly (typeof RUN_STATUSES)[number][] | undefined;
  created_from?: string | undefined;
  created_to?: string | undefined;
}

export function runFilter(conditions: Conditions, labelsWanted: Record<string, string> | undefined): RunFilter {
  const { tenant_id, workflow, status, created_from, created_to } = conditions;
  return {
    tenantId: tenant_id,
    workflow,
    statuses: status,
    labels: labelsWanted,
    createdFrom: created_from === undefined ? undefined : new Date(created_from),
    createdTo: created_to === undefined ? undefined : new Date(created_to),
  };
}
