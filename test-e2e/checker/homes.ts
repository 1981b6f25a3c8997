// The law of several regions: no tenant is executed in two of them at overlapping times. Judged by what handlers noted, which nobody's database tells.
//
// Limit: a handler that ignores its signal may still run when its successor starts (its report is refused): of such attempts nothing is asked here.
import type { AttemptNote } from '../harness/attempts.js';

export interface RegionNotes {
  readonly region: string;
  /** In the order of their moments. */
  readonly notes: readonly AttemptNote[];
  /** When everything there was killed: attempts that had not ended then ended so. */
  readonly killedAt: readonly number[];
}

interface Span {
  readonly region: string;
  readonly attempt: string;
  readonly from: number;
  readonly to: number;
}

const attemptOf = ({ process, runId, stepSlug, taskIndex, attempt }: AttemptNote): string =>
  `${process} ${runId}:${stepSlug}:${taskIndex} attempt ${attempt}`;

/** From each start of an attempt to its end, or to the death of its region; what is under way still goes on for ever. */
function spansOf({ region, notes, killedAt }: RegionNotes): (Span & { readonly runId: string })[] {
  const ends = new Map(notes.filter(({ kind }) => kind !== 'start').map((note) => [attemptOf(note), note.at]));
  return notes
    .filter(({ kind }) => kind === 'start')
    .map((note) => {
      const attempt = attemptOf(note);
      const died = killedAt.find((at) => at >= note.at) ?? Infinity;
      return { region, attempt, runId: note.runId, from: note.at, to: Math.min(ends.get(attempt) ?? Infinity, died) };
    });
}

/** Sentences, one for each tenant that was. `tenantOf`: of a run. */
export function executedInTwoRegions(regions: readonly RegionNotes[], tenantOf: (runId: string) => string | undefined): string[] {
  const byTenant = new Map<string, Span[]>();
  for (const span of regions.flatMap(spansOf)) {
    const tenant = tenantOf(span.runId);
    if (tenant === undefined) continue;
    const spans = byTenant.get(tenant);
    if (spans === undefined) byTenant.set(tenant, [span]);
    else spans.push(span);
  }
  return [...byTenant].flatMap(([tenant, spans]) => firstOverlap(tenant, spans));
}

function firstOverlap(tenant: string, spans: readonly Span[]): string[] {
  const latest = new Map<string, Span>(); // of each region, the one that lasts longest so far
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    for (const [region, other] of latest) {
      if (region === span.region || other.to <= span.from) continue;
      return [
        `${tenant} was executed in two regions: ${other.attempt} in ${region} until ${other.to}, ${span.attempt} in ${span.region} from ${span.from}`,
      ];
    }
    const known = latest.get(span.region);
    if (known === undefined || known.to < span.to) latest.set(span.region, span);
  }
  return [];
}
