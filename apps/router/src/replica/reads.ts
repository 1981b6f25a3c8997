// Where a read goes, and how old its answer is: said in the headers of every answer (X-As-Of, X-Replica-Lag-Ms) and in `as_of` of a run.
//
// Without a replica everything is read where it is written: now. With one, reads go there unless they want `consistency=strong`; what is not found there
// may have come to the primary a moment ago, and is looked up where the primary's database is at hand. (A secondary has none: it forwards.)
import type { Config, Readers, ReadSources } from '@singularity-workflow/core';
import type { FastifyReply } from 'fastify';
import type { Consistency } from '../wire/fields.js';
import type { ReplicaWatch } from './replica-watch.js';

export const AS_OF_HEADER = 'x-as-of';
export const LAG_HEADER = 'x-replica-lag-ms';

/** How old a read is at most. `exact`: it was read where it is written, and is of the moment of the read. */
export interface Age {
  readonly asOf: Date;
  readonly exact: boolean;
}

export class Reads {
  constructor(
    private readonly sources: ReadSources,
    /** Null: there is no replica. */
    private readonly watch: ReplicaWatch | null,
    private readonly config: Pick<Config, 'region'>,
  ) {}

  /** For what is decided by what was read. Not in a secondary. */
  get primary(): Readers {
    if (this.sources.primary === null) throw new TypeError('a secondary decides nothing');
    return this.sources.primary;
  }

  /** For polls: the primary where it is at hand, for a replica may not know yet what is waited for. */
  get nearest(): Readers {
    return this.sources.primary ?? this.sources.near;
  }

  /** The home of what is read: in a secondary that of its primary. */
  get region(): string {
    return (this.sources.primary === null ? this.watch?.region : null) ?? this.config.region;
  }

  /** Where this read goes. Says in the answer's headers how old it is. */
  from(consistency: Consistency, reply: FastifyReply): Age & { readers: Readers } {
    const asOf = this.watch?.asOf ?? null;
    const { near, primary } = this.sources;
    if (primary !== null && (this.watch === null || asOf === null || consistency === 'strong'))
      return { readers: primary, asOf: now(reply), exact: true };
    const at = asOf ?? new Date(0);
    stamp(reply, at, this.watch?.lagMs ?? 0);
    return { readers: near, asOf: at, exact: false };
  }

  /** One thing, from where this read goes or, where it is not there, from the primary. */
  async find<T>(
    consistency: Consistency,
    reply: FastifyReply,
    read: (readers: Readers, age: Age) => Promise<T | null>,
  ): Promise<Age & { row: T | null }> {
    const { readers, ...age } = this.from(consistency, reply);
    const row = await read(readers, age);
    const { primary } = this.sources;
    if (row !== null || primary === null || primary === readers) return { row, ...age };
    const later = { asOf: now(reply), exact: true };
    return { row: await read(primary, later), ...later };
  }
}

function now(reply: FastifyReply): Date {
  const at = new Date();
  stamp(reply, at, 0);
  return at;
}

function stamp(reply: FastifyReply, asOf: Date, lagMs: number): void {
  reply.header(AS_OF_HEADER, asOf.toISOString()).header(LAG_HEADER, lagMs);
}
