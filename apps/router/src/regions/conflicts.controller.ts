// The log of decisions, and what guarded apply dropped or replaced: both newest first, both as this region has them.
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { TopologyReader } from '@singularity-workflow/core';
import { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { Cursor } from '../wire/cursor.js';
import { ReadQuery } from '../wire/fields.js';
import { Refusal } from '../wire/refusal.js';
import { conflictOnWire, entryOnWire } from '../wire/region.mapping.js';
import { Conflict, ConflictPage, ConflictParams, ConflictQuery, LogQuery, Topology } from '../wire/region.wire.js';

const logCursor = new Cursor('topology', z.int());
const conflictCursor = new Cursor('conflicts', z.int());

@ApiTags('regions')
@Controller('api')
export class ConflictsController {
  constructor(private readonly topology: TopologyReader) {}

  @Get('topology')
  @ApiOperation({ summary: 'What was decided about regions, newest first, and when this one learned it' })
  @Answers(200, Topology, 'A page.')
  @Refuses(400, 422, 503)
  async log(@Query({ schema: LogQuery }) { limit, cursor }: z.output<typeof LogQuery>): Promise<z.infer<typeof Topology>> {
    const [found, names] = await Promise.all([this.topology.log({ before: logCursor.read(cursor), limit }), this.topology.names()]);
    return {
      entries: found.map((entry) => entryOnWire(entry, names)),
      next_cursor: logCursor.after(found, limit, ({ epoch }) => epoch),
    };
  }

  @Get('replication/conflicts')
  @ApiOperation({ summary: 'Rows from other regions that were dropped here, or replaced what others did not know of, newest first' })
  @Answers(200, ConflictPage, 'A page; a conflict by its id has the rows.')
  @Refuses(400, 422, 503)
  async conflicts(@Query({ schema: ConflictQuery }) query: z.output<typeof ConflictQuery>): Promise<z.infer<typeof ConflictPage>> {
    const { limit, cursor, kind, run_id: runId } = query;
    const [found, nameOf] = await Promise.all([
      this.topology.conflicts({ before: conflictCursor.read(cursor), limit, kind, runId }),
      this.senders(),
    ]);
    return {
      conflicts: found.map((row) => conflictOnWire(row, nameOf)),
      next_cursor: conflictCursor.after(found, limit, ({ conflictId }) => conflictId),
    };
  }

  @Get('replication/conflicts/:conflict_id')
  @ApiOperation({ summary: 'A conflict with the row that came and the row that stood' })
  @Answers(200, Conflict, 'The conflict.')
  @Refuses(404, 422, 503)
  async conflict(
    @Param({ schema: ConflictParams }) { conflict_id: conflictId }: z.output<typeof ConflictParams>,
    @Query({ schema: ReadQuery }) _query: object,
  ): Promise<z.infer<typeof Conflict>> {
    const row = await this.topology.conflict(conflictId);
    if (row === null) throw new Refusal('conflict_not_found', `There is no conflict ${conflictId}.`, { field: 'conflict_id' });
    return { ...conflictOnWire(row, await this.senders()), incoming: row.incoming, stored: row.stored };
  }

  /** Rows name the subscription that brought them: `sub_<me>_from_<the first 12 digits of its member id>`. */
  private async senders(): Promise<(subscription: string) => string> {
    const names = new Map(
      [...(await this.topology.names())].map(([memberId, region]) => [memberId.replaceAll('-', '').slice(0, 12), region]),
    );
    return (subscription) => names.get(/_from_([0-9a-f]{12})/.exec(subscription)?.[1] ?? '') ?? subscription;
  }
}
