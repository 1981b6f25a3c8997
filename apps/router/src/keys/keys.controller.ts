// API keys. In a mesh they are values of the log, made and revoked in any region; the key itself is told once and stored nowhere.
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type KeyRow, KeyStore, makeApiKey } from '@singularity-workflow/core';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { Cursor } from '../wire/cursor.js';
import { NoQuery, uuid } from '../wire/fields.js';
import { ApiKey, ApiKeyPage, KeyParams, KeyQuery, MadeApiKey, NewKey, RevokedApiKey } from '../wire/key.wire.js';
import { Decisions } from './decisions.js';
import { Keyring } from './keyring.js';

const keyCursor = new Cursor('keys', uuid);

@ApiTags('keys')
@Controller('api/keys')
export class KeysController {
  constructor(
    private readonly keys: KeyStore,
    private readonly keyring: Keyring,
    private readonly decisions: Decisions,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Makes an API key; the first one is an admin, and from then on nobody gets in without one' })
  @Answers(201, MadeApiKey, 'It counts, in every region.')
  @Answers(202, MadeApiKey, 'It counts when the log has it.')
  @Refuses(400, 409, 415, 422, 503)
  async make(
    @Body({ schema: NewKey }) { name, role, tenants, expires_at: expiresAt }: z.output<typeof NewKey>,
    @Query({ schema: NoQuery }) _query: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof MadeApiKey>> {
    const { keyId, key, sha256 } = makeApiKey();
    const counts = await this.keys.add({
      keyId,
      sha256,
      name,
      role,
      tenants,
      expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
    });
    const decided = counts || (await this.decisions.isDecided({ keyId }));
    this.keyring.forget();
    if (!decided) void reply.code(202);
    return { key_id: keyId, key, decided };
  }

  @Get()
  @ApiOperation({ summary: 'Lists API keys by id, those that were revoked too' })
  @Answers(200, ApiKeyPage, 'A page.')
  @Refuses(400, 422, 503)
  async list(@Query({ schema: KeyQuery }) { cursor, limit }: z.output<typeof KeyQuery>): Promise<z.infer<typeof ApiKeyPage>> {
    const found = await this.keys.list({ after: keyCursor.read(cursor), limit });
    return { keys: found.map(onWire), next_cursor: keyCursor.after(found, limit, ({ keyId }) => keyId) };
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOperation({ summary: 'Revokes an API key: in this region at once, in the others when the log has it' })
  @Answers(200, RevokedApiKey, 'It counts no more, in any region that has learned of it.')
  @Answers(202, RevokedApiKey, 'It counts no more here; the log does not have it yet.')
  @Refuses(404, 409, 422, 503)
  async revoke(
    @Param({ schema: KeyParams }) { id }: z.output<typeof KeyParams>,
    @Query({ schema: NoQuery }) _query: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof RevokedApiKey>> {
    const isKnown = await this.keys.revoke(id);
    this.keyring.forget();
    const decided = isKnown || (await this.decisions.isDecided({ keyId: id }));
    if (!decided) void reply.code(202);
    return { key_id: id, decided };
  }
}

function onWire(row: KeyRow): z.infer<typeof ApiKey> {
  return {
    key_id: row.keyId,
    name: row.name,
    role: row.role,
    tenants: row.tenants,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
    counts: row.counts,
  };
}
